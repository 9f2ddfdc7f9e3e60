"""Requests of daily life: what may be asked for, and how far a request has come.

states      the state machine
catalogue   what is offered, and how much of it
shopping    everyday articles, and which of them a patient's diet forbids
"""
