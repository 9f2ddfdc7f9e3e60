"""A second person's signature, with badge and PIN, beside somebody who is signed in."""

from __future__ import annotations

from server.core import Core
from server.identity import sign_in
from server.identity.staff import Person


def signed_by(core: Core, badge: str, pin: str, *, origin: str | None) -> Person:
    """Whose badge and PIN these are; nobody is signed in by it. Takes some tenths of a second: not on an event loop.

    Whether it may be this person, and not the first one again, is for the caller to say.

    Raises:
        SignInFailed: it is nobody's badge and PIN, or too many were tried.
    """
    session = sign_in.check(core, badge, pin, origin=origin)
    sign_in.leave(core, session.token)
    return session.staff
