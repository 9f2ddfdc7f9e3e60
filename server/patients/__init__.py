"""Wards, beds, patients and their stays."""
