"""The page of medication safety."""
