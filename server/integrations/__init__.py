"""The outside world behind our ports; each is chosen where the server is put together."""
