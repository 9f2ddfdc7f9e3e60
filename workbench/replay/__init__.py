"""Plays a recording of a bedside monitor into the ward, as that monitor would have sent it."""
