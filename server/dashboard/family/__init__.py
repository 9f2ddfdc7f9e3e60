"""A patient's family at a desk: whom they have let in, and the guardian whom two of the staff enter."""
