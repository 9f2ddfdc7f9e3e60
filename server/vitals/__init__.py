"""Vital signs: one wide row a set."""
