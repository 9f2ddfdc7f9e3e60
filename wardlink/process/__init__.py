"""Programs that one of ours runs beside itself, and that never outlive it."""
