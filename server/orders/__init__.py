"""Doctors' orders and what is given of them."""
