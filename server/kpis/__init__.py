"""What the KPIs are made of, counted in the database for each ward and day."""
