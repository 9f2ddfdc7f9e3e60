"""The pages of the bedside terminal, one a file."""
