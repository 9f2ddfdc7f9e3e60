"""Payments through channels: orders, notices, refunds, and what every channel must be able to do."""
