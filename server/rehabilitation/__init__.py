"""Rehabilitation: plans that therapists write, and the sessions that patients say they have done."""
