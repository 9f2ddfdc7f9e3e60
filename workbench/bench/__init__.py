"""Measurements: ratios against a floor or a peer, taken in one run on one machine, never inside a unit test."""
