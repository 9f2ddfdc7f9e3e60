"""What the hospital writes itself, at a desk: what holds, what waits, what was, and new versions of it."""
