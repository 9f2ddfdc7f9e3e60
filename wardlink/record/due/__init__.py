"""What is due. Derived, not stored: from the record of a stay and the clock, by the same rules on every machine.

Whoever records the fact makes the due thing go away; nothing can be ticked off twice, nor forgotten offline.
"""
