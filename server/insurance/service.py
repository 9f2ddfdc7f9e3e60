"""Insurance as the server's entrances use it: how a stay is insured, what is expected, and the dealings beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from server.core import Core
from server.house.file import HouseFile
from server.house.kinds import INSURANCE
from server.house.shelf import Shelf
from server.insurance import keeping
from server.insurance.accounts import Accounts
from server.insurance.billing import claim_of
from server.insurance.book import NoRules
from server.insurance.codes import Filing, Scheme, Status
from server.insurance.dealings import Dealings
from server.insurance.engine import Estimate, estimate
from server.insurance.port import InsurancePlatform
from server.insurance.ruleset import Case, RuleSet
from server.insurance.settings import InsuranceSettings
from server.money.deposits import unsettled
from server.money.policy import estimate_counts
from server.patients.models import Encounter, Patient
from wardlink.clinical.names import age_years
from wardlink.clock import ward_date
from wardlink.errors import Collision, InvalidInput, NotFound, Unreachable
from wardlink.i18n import N_

_ENCOUNTER: Table = Encounter.__table__  # type: ignore[attr-defined]
_PATIENT: Table = Patient.__table__  # type: ignore[attr-defined]

_DEALT_WITH = N_("The platform has this stay already: take that back there before its insurance is changed.")
_UNINSURED = N_("Nobody has said how this stay is insured: no estimate.")


class NoPlatform(Unreachable):
    """This server has no insurance platform in its settings."""

    code = "no-insurance-platform"
    sentence = N_("No insurance platform is connected, so cards cannot be read. Enter the insurance by hand.")


@dataclass(frozen=True)
class Expected:
    """An estimate, for whom, and whether the rules of the insured place were at hand or ours stood in for them."""

    estimate: Estimate
    rules_of_the_place: bool
    case: Case


class Insurance:
    """Made once, where the server is put together; `app.state.insurance`. `rules`: those that hold now."""

    def __init__(self, core: Core, settings: InsuranceSettings, platform: InsurancePlatform | None) -> None:
        """Read the rules.

        Raises:
            Misconfigured: a rule file of the folder that the settings name is wrong.
        """
        self._core = core
        self._settings = settings
        self.accounts = None if platform is None else Accounts(core, platform)
        self.rules = HouseFile(INSURANCE, settings.rules, Shelf(core, INSURANCE.name))
        self.rules.must_look()
        self._dealings = (
            None if platform is None else Dealings(core, platform, discharge_first=settings.discharge_first)
        )

    @property
    def dealings(self) -> Dealings:
        """The dealings with the platform.

        Raises:
            NoPlatform: there is none.
        """
        if self._dealings is None:
            raise NoPlatform
        return self._dealings

    def expected(self, conn: Connection, encounter: str) -> Expected:
        """What the insurance is expected to pay for what the stay costs so far.

        Raises:
            NotFound: there is no such stay.
            InvalidInput: nobody has said how it is insured, or the rules know no such case.
            NoRules: there are no rules for the day.
        """
        row = conn.execute(
            select(_ENCOUNTER.c.admitted_at, _ENCOUNTER.c.discharged_at, _PATIENT.c.birth_on)
            .join(_PATIENT, _PATIENT.c.id == _ENCOUNTER.c.patient)
            .where(_ENCOUNTER.c.id == encounter)
        ).first()
        if row is None:
            raise NotFound(what="stay", name=encounter)
        insured = keeping.insured_stay(conn, encounter)
        if insured is None:
            raise InvalidInput(_UNINSURED)
        case = Case(
            scheme=Scheme(insured.scheme),
            status=Status(insured.status),
            level=self._settings.level,
            age=age_years(row.birth_on, ward_date(row.admitted_at)),
            filing=Filing(insured.filing),
            admission_no=insured.admission_no,
        )
        rules, own = self._rules(insured.area, ward_date(row.discharged_at or self._core.clock.now()))
        return Expected(estimate(claim_of(conn, encounter, insured), case, rules), own, case)

    def expected_fen(self, conn: Connection, encounter: str) -> int:
        """What of the charges of a stay that are not settled its insurance is expected to pay, in fen; an estimate.

        Nothing where nobody has said how it is insured, where there are no rules, where part of the stay has been
        settled already, and where the policy on arrears does not count on an estimate.
        """
        if not estimate_counts():
            return 0
        try:
            found = self.expected(conn, encounter).estimate
        except (InvalidInput, NoRules):
            return 0
        return found.total - found.cash if found.total == unsettled(conn, encounter) else 0

    def expected_of(self, conn: Connection, encounters: Collection[str]) -> Mapping[str, int]:
        """The same of all of these stays that are insured; the others are left out."""
        insured = set(conn.execute(select(keeping.STAY.c.encounter)).scalars())
        return {id: self.expected_fen(conn, id) for id in encounters if id in insured}

    def insure(self, conn: Connection, encounter: str, values: Mapping[str, Any], *, actor: str) -> None:
        """Write down how a stay is insured.

        Raises:
            Collision: the platform has the stay already.
        """
        row = keeping.insured_stay(conn, encounter)
        said = dict(values) | {"set_at": self._core.clock.now(), "set_by": actor}
        if row is None:
            conn.execute(insert(keeping.STAY).values(encounter=encounter, **said))
            return
        if row.stage != "none":
            raise Collision(_DEALT_WITH)
        conn.execute(update(keeping.STAY).where(keeping.STAY.c.encounter == encounter).values(**said))

    def _rules(self, area: str, on: date) -> tuple[RuleSet, bool]:
        book = self.rules.must_look()
        try:
            return book.on(area, on), True
        except NoRules:
            if area == self._settings.area:
                raise
            # Somebody from elsewhere, whose rules nobody has written down here: better a marked estimate than none.
            return book.on(self._settings.area, on), False
