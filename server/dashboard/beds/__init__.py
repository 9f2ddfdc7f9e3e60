"""Wards and their beds at a desk: made, named, put in order."""
