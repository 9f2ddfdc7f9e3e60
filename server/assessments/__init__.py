"""Nursing assessments on the server: kept, weighed again, and read at the desk."""
