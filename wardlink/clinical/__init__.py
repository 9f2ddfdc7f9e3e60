"""The ward's rules as pure functions over frozen values: no clock, no disk, no network of their own.

Numbers that a clinician must sign off lie in `data/*.toml`, each with its source, date and trust tag.
"""
