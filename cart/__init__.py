"""The nurse's screen on the cart: sees the ward, takes vital signs, answers calls, with or without a network.

ports       the few methods that this program needs of its device
sample      a small invented ward behind the same methods, for pictures and tests
usecases    what the screens ask and do, without a screen
screens     one page a file; widgets: what they are made of
app         the program; start: opens the device and runs it
"""
