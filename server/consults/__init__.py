"""Consultations: asked for, arranged without collisions, held and signed."""
