"""Who looks after a patient: put together from the stay, the shifts and the plans, and told to the bed."""
