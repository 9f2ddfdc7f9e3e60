"""Plays the examination room: reads WFDB recordings and sends strips of them to the ward server."""
