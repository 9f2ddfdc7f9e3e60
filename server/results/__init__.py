"""Results: taken in, released by rule or by a doctor, shown at the bed."""
