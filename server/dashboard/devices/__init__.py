"""Devices on their pages: enrolled, bound to a bed, revoked and given back."""
