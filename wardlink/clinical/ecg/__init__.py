"""ECG strips: what was sampled, how it lies on paper, what two cursors measure, how fast the heart beat. Pure.

The server takes strips in and finds the beats; the cart draws them. Both use these rules, neither needs an array
library for it.
"""
