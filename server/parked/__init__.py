"""Messages that could not be taken in: looked at, tried again after a fix, or closed with a reason."""
