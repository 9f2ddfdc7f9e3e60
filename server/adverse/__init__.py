"""Adverse events: reported, followed up, struck out with a reason; never deleted."""
