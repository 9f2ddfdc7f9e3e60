"""`wardlink demo`: a whole invented ward on one machine, as the processes that a hospital would run."""
