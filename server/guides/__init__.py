"""The hospital's own guides for patients: a file, told to every ward."""
