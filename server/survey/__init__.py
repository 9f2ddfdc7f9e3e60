"""How satisfied patients are: one answer a stay, kept so that nobody finds out who has answered what."""
