"""What the cart's screens ask and do: pure over frozen values, or on the port; never on a widget."""
