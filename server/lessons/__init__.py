"""The hospital's own health lessons: a file, told to every ward."""
