"""Those who work here: the list, one person, a new one, a file of many, and which role may do what."""
