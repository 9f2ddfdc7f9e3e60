"""Wards and their beds: set up once, seldom changed."""
