"""The page about how satisfied patients were."""
