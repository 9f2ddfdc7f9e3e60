"""Every error that Wardlink raises on purpose.

    WardlinkError
    ├── InvalidInput            somebody typed or sent what cannot be right
    │   ├── IncompleteVitals    a score was asked of an incomplete set
    │   ├── MessageUnreadable   bytes that are no message of ours
    │   ├── MessageTooLarge     more than a message may hold
    │   ├── CodeDamaged         a scanned code that was meant for us and not read whole
    │   ├── CodeUnknown         a scanned code that is none of ours
    │   └── ImportRejected      a file with named faulty lines
    ├── NotAllowed              known, but without the right
    │   ├── NotSignedIn         nobody has signed in, or the time is over
    │   └── SignInFailed        wrong, unknown, or slowed after wrong tries
    ├── NotFound                nothing has that name
    ├── Collision               two facts or two people disagree; a human decides
    │   └── ChangedMeanwhile    somebody else was faster than the one who decided by an older picture
    ├── Unreachable             the other side does not answer; nothing was lost
    │   └── BrokerUnavailable   the embedded broker cannot be started or reached
    ├── SyncGap                 changes are missing between what we hold and what came
    ├── StoreFailed             the disk of this machine does not take or give what it should
    └── Misconfigured           a setting, file or installation is wrong
        └── FileWrong           a file of the hospital's own, with all that is wrong in it

Each carries an HTTP status, a stable code, and a sentence that a nurse or a patient can act on, in the
language of the context that shows it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple

from wardlink.i18n import N_, gettext_of_any


class WardlinkError(Exception):
    """Something that can be said to a person. `text()` says it in their language."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "error"
    sentence: ClassVar[str] = N_("Something went wrong. Please tell the technician the code {code}.")

    def __init__(self, message: str | None = None, /, **params: object) -> None:
        self.message = message
        self.params: dict[str, object] = {"code": self.code, **params}
        super().__init__((message or self.sentence).format_map(_Known(self.params)))

    def text(self) -> str:
        """The sentence for the person in front of the screen."""
        return gettext_of_any(self.message or self.sentence).format_map(_Known(self.spoken()))

    def spoken(self) -> dict[str, object]:
        """The values of the sentence in the language of this context: where they are words themselves."""
        return self.params


class _Known(dict[str, object]):
    """Leaves an unknown placeholder standing: an error must never fail to be said."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


class InvalidInput(WardlinkError):
    """What was typed or sent cannot be right; nothing of it was kept."""

    status = 422
    code = "invalid-input"
    sentence = N_("This entry is not valid: {detail}")


class IncompleteVitals(InvalidInput):
    """A score was asked of a set with missing readings; `missing` names them."""

    code = "incomplete-vitals"
    sentence = N_("No score: {missing} not measured.")


class MessageUnreadable(InvalidInput):
    """These bytes are no message that this version understands."""

    status = 400
    code = "message-unreadable"
    sentence = N_("This message cannot be read: {detail}")


class MessageTooLarge(InvalidInput):
    """The message holds more than 64 KiB."""

    status = 413
    code = "message-too-large"
    sentence = N_("This entry is too large: {size} bytes, {limit} are allowed.")


class CodeDamaged(InvalidInput):
    """A scanned code was meant for us, but is not whole; `reason` is one short word for the statistics."""

    code = "code-damaged"
    sentence = N_("The code was not read whole. Scan it again.")


class CodeUnknown(InvalidInput):
    """A scanned code is none of ours and no drug's; `reason` is one short word for the statistics."""

    code = "code-unknown"
    sentence = N_("This code is not of this ward's labels.")


class ImportRejected(InvalidInput):
    """A file has faulty lines; none of its lines was taken over."""

    code = "import-rejected"
    sentence = N_("Nothing was imported. {detail}")


class NotAllowed(WardlinkError):
    """We know who asks, and they may not."""

    status = 403
    code = "not-allowed"
    sentence = N_("You do not have the right to do this.")


class NoRight(NotAllowed):
    """Their role does not have the right for this, or not in this ward."""


class NotSignedIn(NotAllowed):
    """Nobody has signed in here, or the session is over."""

    status = 401
    code = "not-signed-in"
    sentence = N_("Please sign in first.")


class SignInFailed(NotAllowed):
    """Wrong, unknown, or slowed down after wrong tries; never says which part was wrong."""

    status = 401
    code = "sign-in-failed"
    sentence = N_("This does not match. Please check and try again.")


class NotFound(WardlinkError):
    """Nothing has that name; `what` is one of `KINDS`."""

    status = 404
    code = "not-found"
    sentence = N_("There is no {what} called {name}.")

    KINDS: ClassVar[tuple[str, ...]] = (
        N_("adverse event"),
        N_("agreement"),
        N_("alert"),
        N_("answer"),
        N_("attribution"),
        N_("bed"),
        N_("bill"),
        N_("booking"),
        N_("call"),
        N_("complaint"),
        N_("consent"),
        N_("consultation"),
        N_("day"),
        N_("device"),
        N_("difference"),
        N_("drug"),
        N_("entry"),
        N_("exception"),
        N_("insurance"),
        N_("item"),
        N_("line of the bill"),
        N_("meal"),
        N_("menu"),
        N_("member of staff"),
        N_("order"),
        N_("verbal order"),
        N_("page"),
        N_("parked message"),
        N_("payment"),
        N_("refund"),
        N_("rehabilitation plan"),
        N_("request"),
        N_("session"),
        N_("settlement"),
        N_("stay"),
        N_("tube"),
        N_("ward"),
    )

    def spoken(self) -> dict[str, object]:
        """The values of the sentence, with the kind of thing in words."""
        return self.params | {"what": gettext_of_any(str(self.params.get("what", "")))}


class Collision(WardlinkError):
    """What was asked does not fit what others have done meanwhile; a person decides."""

    status = 409
    code = "collision"
    sentence = N_("This does not fit what has happened meanwhile: {detail}")


class ChangedMeanwhile(Collision):
    """Somebody else has written since this was seen; nothing was written on top of it."""

    code = "changed-meanwhile"
    sentence = N_("Somebody else has changed this meanwhile. Nothing of yours was written: look at it as it is now.")


class Unreachable(WardlinkError):
    """The other side does not answer. What was entered is kept."""

    status = 503
    code = "unreachable"
    sentence = N_("The server cannot be reached. Your entries are kept on this device.")


class BrokerUnavailable(Unreachable):
    """The message broker cannot be started or reached."""

    code = "broker-unavailable"
    sentence = N_("The message broker is not available: {detail}")


class SyncGap(WardlinkError):
    """Changes between `have` and `after` have not come; fetch them before going on."""

    status = 409
    code = "sync-gap"
    sentence = N_("Changes {have} to {after} are missing.")


class StoreFailed(WardlinkError):
    """The disk of this machine is full, broken or gone; what was entered just now is not saved."""

    code = "store-failed"
    sentence = N_("This device cannot save: {detail}. Write it down on paper and call the technician.")


class Misconfigured(WardlinkError):
    """A setting, a file or the installation is wrong; says which and what to do."""

    code = "misconfigured"
    sentence = N_("The configuration is wrong: {detail}")


class Fault(NamedTuple):
    """What is wrong in a line of a file."""

    sentence: str
    line: int
    params: Mapping[str, object]

    def text(self) -> str:
        """It in the language of this context."""
        return gettext_of_any(self.sentence).format_map(_Known(self.params))


class FileWrong(Misconfigured):
    """A file of the hospital's own is wrong, and nothing of it is used.

    `faults`: all that is wrong, as far as it could be read, by lines. The sentence takes `line` and `what` of the
    first.
    """

    code = "file-wrong"

    def __init__(self, message: str, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        first = self.faults[0]
        super().__init__(message, line=first.line, what=first.sentence.format_map(_Known(first.params)))

    def spoken(self) -> dict[str, object]:
        """The first fault in the language of this context."""
        return self.params | {"what": self.faults[0].text()}
