"""How safely drugs are given, counted in the database from the doses of the ward record."""
