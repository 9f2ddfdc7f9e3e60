"""All wards at once, a line each: numbers without patients."""
