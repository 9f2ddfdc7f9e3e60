"""Writes the list of keys into the page for nurses, from the tables that make the keys: `make nurse-page`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from cart.app import GLOBAL_KEYS
from cart.keys import Key
from cart.screens.alerts import AlertsScreen
from cart.screens.assess import AssessScreen
from cart.screens.assess_form import AssessFormScreen
from cart.screens.assess_history import AssessHistoryScreen
from cart.screens.calls import CallsScreen
from cart.screens.cases import CasesScreen
from cart.screens.chart import ChartScreen
from cart.screens.ecg import EcgListScreen
from cart.screens.ecg_strip import EcgStripScreen
from cart.screens.fluids import FluidsScreen
from cart.screens.give import GiveScreen
from cart.screens.given import GivenScreen
from cart.screens.handover import HandoverScreen
from cart.screens.measure import MeasureScreen
from cart.screens.medication import MedicationScreen
from cart.screens.orders import OrdersScreen
from cart.screens.patient import PatientScreen
from cart.screens.tasks import TasksScreen
from cart.screens.unsent import UnsentScreen
from cart.screens.vitals import VitalsScreen
from cart.screens.ward import WardScreen
from wardlink.i18n import LANGUAGES, N_, gettext_of_any, speaking

ROOT = Path(__file__).parents[1]
PAGES = {"zh_CN": ROOT / "docs" / "nurse.zh-CN.md", "en": ROOT / "docs" / "nurse.md"}
BEGIN, END = "<!-- keys: made by `make nurse-page` -->", "<!-- end of keys -->"

_SCREENS = (
    (N_("Everywhere"), GLOBAL_KEYS),
    (N_("Ward list"), WardScreen.KEYS),
    (N_("Tasks"), TasksScreen.KEYS),
    (N_("Hand-over"), HandoverScreen.KEYS),
    (N_("A patient"), PatientScreen.KEYS),
    (N_("Entering vital signs"), VitalsScreen.KEYS),
    (N_("Temperature chart"), ChartScreen.KEYS),
    (N_("Intake and output"), FluidsScreen.KEYS),
    (N_("Single measurements"), MeasureScreen.KEYS),
    (N_("Assessments"), AssessScreen.KEYS),
    (N_("Filling in an assessment"), AssessFormScreen.KEYS),
    (N_("Earlier assessments"), AssessHistoryScreen.KEYS),
    (N_("ECG strips"), EcgListScreen.KEYS),
    (N_("One ECG strip"), EcgStripScreen.KEYS),
    (N_("Orders"), OrdersScreen.KEYS),
    (N_("Medication round"), MedicationScreen.KEYS),
    (N_("Calls"), CallsScreen.KEYS),
    (N_("Alerts"), AlertsScreen.KEYS),
    (N_("Unsent and refused"), UnsentScreen.KEYS),
    (N_("Cases"), CasesScreen.KEYS),
    (N_("Whose values?"), GiveScreen.KEYS),
    (N_("Values that were given to a patient afterwards"), GivenScreen.KEYS),
)


def keys(language: str) -> str:
    """The tables of keys, a heading a page."""
    with speaking(language):
        return "\n".join(_tables())


def _tables() -> Iterator[str]:
    for heading, table in _SCREENS:
        yield f"### {gettext_of_any(heading)}\n"
        yield "| | |\n|---|---|"
        yield from (f"| `{key.shown}` | {key.help_text()} |" for key in _told(table))
        yield ""


def _told(table: tuple[Key, ...]) -> Iterator[Key]:
    """Keys that say the same are told once: the digits of the curves, say."""
    told: set[str] = set()
    for key in table:
        if key.help not in told:
            told.add(key.help)
            yield key


def written(language: str) -> str:
    """The page of this language as it should be."""
    text = PAGES[language].read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{keys(language)}\n{END}{after}"


def main() -> int:
    """Write both pages."""
    for language in LANGUAGES:
        PAGES[language].write_text(written(language), encoding="utf-8")
        print(PAGES[language].relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
