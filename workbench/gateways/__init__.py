"""Local gateways that behave like the payment channels and the insurance platform: real signatures, no money."""
