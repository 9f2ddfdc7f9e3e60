"""A local insurance platform: strict about envelopes, with sums of its own, and slow, deaf or late on demand."""
