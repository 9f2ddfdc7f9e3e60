"""Ordering meals: dishes and menus, who may eat what, and how far a meal has come. Pure.

times         which meals there are, when they are served and until when they may be ordered
dishes        what a dish is and what is in it
menu          the dishes of a hospital and what is offered on which day; menu_file reads it and names the wrong line
diets         diets, what a dish must be made for, and what a day may hold
allergens     an allergy as the record has it, in the groups of food labels
eater         what is known of the patient, as far as meals are concerned
findings      what a rule has found, in words
rules         the rules M01 to M17
suggestion    the set that is suggested
states        how far a meal has come
"""
