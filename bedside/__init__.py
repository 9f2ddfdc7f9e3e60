"""The patient's screen at the bed: calls a nurse at any time, and shows the patient what is their own.

ports       the few methods that this program needs of its device
sample      one invented bed behind the same methods, for pictures and tests
usecases    what the screens ask and do, without a screen
screens     one page a file; widgets: what they are made of
app         the program; start: opens the device and runs it
"""
