"""The rosters at a desk: who is to work when in a ward."""
