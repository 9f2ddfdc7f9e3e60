"""The page of the hospital."""
