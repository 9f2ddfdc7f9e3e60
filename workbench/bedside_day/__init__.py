"""A day of a patient who touches anything: the bed's real program and device, a real server and broker, and faults.

clock     one time of the ward for both sides, moved on as fast as the machine follows
people    who is in the ward
server    the ward server as a process of its own, with what others in the ward do
ward      the processes, the cables between them, and what breaks them
monkey    the patient, by a seed
run       the whole day, and its figures
"""
