"""Consultations at a desk: the work list, and one with what may be done about it."""
