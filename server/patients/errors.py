"""What can stand in the way of a stay, beyond the errors that everybody shares."""

from __future__ import annotations

from wardlink.clinical.bed_closing import reason_text
from wardlink.errors import Collision
from wardlink.i18n import N_


class BedTaken(Collision):
    """Somebody lies in that bed now; a person chooses another one, or moves who lies there first."""

    code = "bed-taken"
    sentence = N_("Bed {bed} is taken. Choose another bed, or move the patient who lies there first.")


class BedClosed(Collision):
    """That bed is out of service, or will be; a person chooses another one, or has it opened first."""

    code = "bed-closed"
    sentence = N_("Bed {bed} is closed from {since} on: {why}. Choose another bed, or have this one opened first.")

    def spoken(self) -> dict[str, object]:
        """The reason as words."""
        return self.params | {"why": reason_text(str(self.params["reason"]), str(self.params["words"]))}


class OtherPerson(Collision):
    """The patient number is known, but for somebody of another name or birthday."""

    code = "other-person"
    sentence = N_("The patient number {mrn} belongs to somebody else. Please check it with the wristband.")


class StayKnown(Collision):
    """There is a stay with this admission number already."""

    code = "stay-known"
    sentence = N_("There is already a stay with the admission number {admission_no}.")


class StillHere(Collision):
    """The patient has another stay that is not over: nobody lies in two beds."""

    code = "still-here"
    sentence = N_("This patient still lies in bed {bed} of ward {ward}. Transfer or discharge them there.")
