"""Rehabilitation at the bed: exercises, the sessions of a plan, how hard they may be, and when to stop."""
