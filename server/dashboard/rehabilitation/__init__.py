"""Rehabilitation at a desk: the work list of patients, and one patient's plan with its sessions."""
