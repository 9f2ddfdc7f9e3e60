"""The payment channel of the demonstration: a small gateway of our own that behaves like the real ones."""
