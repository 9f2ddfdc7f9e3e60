"""What the cart's screens are made of: one widget a file, each with its own messages."""
