"""What we believe was paid, held against the channels' own bills, day by day."""
