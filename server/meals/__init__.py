"""Meals on the server: what is ordered is checked by the rules, followed to the bed, and looked at again when something
about the patient changes.

facts        what is known of a patient, for the rules
menus        the menu that holds, and how wards hear of it
ordering     requests of patients and nurses, refused in words
serving      what kitchen and carts report
following    brings card and meals of one stay in line with the record
round        the thread that does so
kitchen      what is to be cooked, and for whom
routes       the same over HTTP
"""
