"""Who looks at a page, in which language, and what they may see. Every page begins here."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response
from sqlalchemy import select
from sqlmodel import col

from server.core import Core
from server.dashboard import PREFIX
from server.identity import sessions
from server.identity.roles import EVERYWHERE, Right, may
from server.identity.staff import Person
from server.patients.models import Ward
from wardlink.errors import NoRight, NotSignedIn
from wardlink.i18n import DEFAULT_LANGUAGE, LANGUAGES

LANGUAGE_COOKIE = "wardlink_language"

HOME = PREFIX + "/"


@dataclass(frozen=True)
class Visit:
    """One opened page. `address` is the page with its query, to come back to; `origin`: from which host."""

    core: Core
    person: Person
    language: str
    token: str
    address: str
    origin: str | None = None

    def may(self, right: Right) -> bool:
        """Whether the visitor's role has this right."""
        return may(self.person.role, right)

    def demand(self, right: Right, ward: str | None = None) -> None:
        """Let through who has the right, in `ward` if one is given.

        Raises:
            NoRight: the role does not have it, or the visitor does not work in that ward.
        """
        if not self.may(right) or (ward is not None and not self.sees(ward)):
            raise NoRight

    def wards(self) -> list[tuple[str, str]]:
        """Id and name of every ward that the visitor works in. Reads the database."""
        with self.core.db.read() as conn:
            rows = conn.execute(select(col(Ward.id), col(Ward.name)).order_by(col(Ward.id))).all()
        return [(ward, name) for ward, name in rows if self.sees(ward)]

    def sees(self, ward: str) -> bool:
        """Whether the visitor works in this ward."""
        return ward in self.person.wards or self.person.role in EVERYWHERE

    def wards_bound(self) -> tuple[str, ...] | None:
        """The wards to which the visitor is bound; None for those who work everywhere."""
        return None if self.person.role in EVERYWHERE else self.person.wards

    def reaches(self, ward: str | None) -> bool:
        """Whether something of this ward, or of none, is the visitor's business."""
        return self.wards_bound() is None or (ward is not None and self.sees(ward))

    def audit(self, action: str, what: str, encounter: str | None = None) -> None:
        """Write down that the visitor has read this. Writes to the database."""
        self.core.audit(action, actor=str(self.person.actor), what=what, encounter=encounter)

    def is_signed_in(self) -> bool:
        """Whether the session still stands. Reads the database."""
        try:
            sessions.current(self.core, self.token)
        except NotSignedIn:
            return False
        return True


def visit(core: Core, request: Request) -> Visit:
    """Who asks for this page. Reads the database.

    Raises:
        NotSignedIn: nobody, or the session is over.
    """
    token = request.cookies.get(sessions.COOKIE)
    if not token:
        raise NotSignedIn
    person = sessions.current(core, token)
    query = f"?{request.url.query}" if request.url.query else ""
    origin = request.client.host if request.client else None
    return Visit(core, person, language_of(request), token, request.url.path + query, origin)


def language_of(request: Request) -> str:
    """The language that this browser has chosen; Chinese where it has chosen none."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    return chosen if chosen in LANGUAGES else DEFAULT_LANGUAGE


def inside(address: str | None) -> str:
    """`address` if it leads to one of our pages, or else the first page: nobody is sent to another host."""
    if address and address.startswith(HOME) and "\\" not in address and "//" not in address:
        return address
    return HOME


def set_cookie(response: Response, request: Request, name: str, value: str, *, seconds: int | None) -> None:
    """Give the browser something that scripts cannot read and other sites cannot send."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
