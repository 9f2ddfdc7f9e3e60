"""ECG strips at a doctor's desk: the work list, one strip on its paper, and what is said of it."""
