"""The ward record: what each command makes of each thing in it. Pure; the server and every device use the same rules.

A kind of record (a dose, an assessment, an alert) is a view and its folds. The server folds a command into its own
copy and tells the view to everybody; a device folds its own unconfirmed commands on top of what it was told, and
shows that. So both say the same, and what a nurse has done offline stands on her screen at once.
"""
