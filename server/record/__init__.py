"""The ward record on the server: one table, and the one way a command changes what is in it."""
