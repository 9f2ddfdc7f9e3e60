"""Alerts and calls on the pages: the open ones live, a station for the nurses' desk, and what became of the others."""
