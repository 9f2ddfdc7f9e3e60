"""Patients' calls, from the press to the nurse at the bed."""
