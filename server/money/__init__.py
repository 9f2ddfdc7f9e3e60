"""What a stay costs and what was paid for it: a ledger with two sides, charges, deposits, lists of a day."""
