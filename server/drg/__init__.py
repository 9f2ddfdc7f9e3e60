"""What a group (DRG) pays for a stay, against what the stay has cost: for the manager, never at a bed or on a cart."""
