"""An invented ward that lives: bodies with a daily rhythm and a story, monitors, a nurse, patients who call.

Nobody in it is real, and nothing in it is a model of an illness: it shows what screens and rules do.
"""
