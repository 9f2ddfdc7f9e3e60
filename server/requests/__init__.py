"""What patients ask for at their beds, until somebody has seen to it.

placing   a request is taken, merged with the open one, or refused in words
handling  what staff, and the patient who takes it back, say of it
staying   what becomes of requests when a patient is moved or leaves
reading   lists for the ward
desk      an act of somebody at a desk
"""
