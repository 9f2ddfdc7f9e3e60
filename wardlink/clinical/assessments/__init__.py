"""Nursing assessments: scales as tables, one rule that weighs the answers, and when the next one is due.

`scales` reads the tables, `weighing` makes of answers a total, a level and what is to be done, `due` says when.
The cart's form, the record's fold and the server call the same functions.
"""
