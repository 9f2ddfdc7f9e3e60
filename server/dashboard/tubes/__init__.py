"""The page of the tubes that a patient has."""
