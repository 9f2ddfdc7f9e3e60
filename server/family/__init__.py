"""Family at the bed: the patient's consent, while it stands."""
