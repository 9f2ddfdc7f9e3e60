"""A payment gateway of our own that behaves like the real ones; a person pays on its page in a browser."""
