"""One invented bed behind the bedside's port, in memory: for pictures, tests and trying the screens.

Nobody in it is real. Commands take effect at once, as unsent, until `deliver` says that the server has them.

stay        who lies in it, and what opens the screen
readings    the vital signs of that stay
meals       the menu, and how the stay eats
board       what the screen reads
terminal    the port itself, and what others in the ward do
"""

from bedside.sample.stay import ADMISSION_NO, BIRTHDAY, LAST4, PLACE, sample_stay
from bedside.sample.terminal import SampleTerminal

__all__ = ["ADMISSION_NO", "BIRTHDAY", "LAST4", "PLACE", "SampleTerminal", "sample_stay"]
