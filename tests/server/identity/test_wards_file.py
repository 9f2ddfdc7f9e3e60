"""Wards and beds from a file: what comes of it, what is wrong with its line, and that it is all or nothing."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.identity.staff import Person
from server.patients.import_table import LinesRejected, Taken
from server.wards import file, service
from tests.server.hospital import Hospital
from wardlink.errors import ImportRejected

BOSS = Person("a-root", "管理员", "administrator", ())
HEAD = "病区编号,病区,床位编号,床头标识\n"


def take(hospital: Hospital, text: str, *, only_look: bool = False) -> Taken:
    """Take a file over."""
    return file.take(hospital.core, BOSS, text.encode(), only_look=only_look)


def wards(hospital: Hospital) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """Name and beds of each ward."""
    with hospital.core.db.read() as conn:
        return {ward.id: (ward.name, [(bed.id, bed.label) for bed in ward.beds]) for ward in service.wards(conn)}


def test_a_new_ward_comes_with_its_beds_and_is_known_the_second_time(hospital: Hospital) -> None:
    """In the order of the file; each is audited, once."""
    text = HEAD + "w9,九病区,b2,2 床\nw9,九病区,b1,\nw3,,4,窗边床\n"
    first, second = take(hospital, text), take(hospital, text)

    assert first == Taken(("九病区", "九病区 2 床", "九病区 b1", "三病区 窗边床"), (), 0)
    assert (second.added, second.changed, second.same) == ((), (), 3)
    assert wards(hospital)["w9"] == ("九病区", [("b2", "2 床"), ("b1", "b1")])
    assert wards(hospital)["w3"][1][-1] == ("4", "窗边床")
    assert [action for _who, action, _what in hospital.audited()][-4:] == [
        "ward-added",
        "bed-added",
        "bed-added",
        "bed-added",
    ]


def test_what_is_known_is_named_anew_and_the_rest_stays(hospital: Hospital) -> None:
    """Name of the ward, label of a bed; beds that are not in the file are there as before."""
    before = wards(hospital)["w3"][1]
    taken = take(hospital, "Ward id,Ward,Bed id,What stands on the wall\nw3,外科,2,二号\n")

    assert taken == Taken((), ("外科", "外科 二号"), 0)
    assert wards(hospital)["w3"] == ("外科", [(bed, "二号" if bed == "2" else label) for bed, label in before])


def test_only_looked_at_it_changes_nothing(hospital: Hospital) -> None:
    """And says what would come of it."""
    before = wards(hospital)
    taken = take(hospital, HEAD + "w9,九病区,b1,1 床\n", only_look=True)

    assert taken.added == ("九病区", "九病区 1 床")
    assert wards(hospital) == before


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("w9,,b1,1 床", "w9"),
        (",九病区,b1,1 床", "病区编号"),
        ("w3,,,1 床", "床头标识"),
        ("w3,,1,1 床\nw3,,1,2 床", "1"),
        ("w9,九病区,b1,1\nw9,十病区,b2,2", "w9"),
        ("W 9,九病区,b1,1 床", "小写"),
        ("w3,,B?,1 床", "小写"),
        ("w3,,1," + "长" * 21, "20"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_taken_over(hospital: Hospital, line: str, word: str) -> None:
    """Though the lines before it are right."""
    before = wards(hospital)
    text = HEAD + "w8,八病区,b1,1 床\n" + line + "\n"
    with pytest.raises(LinesRejected) as rejected:
        take(hospital, text)

    [fault] = rejected.value.faults
    assert fault.line == len(text.splitlines())
    assert word in fault.reason
    assert wards(hospital) == before


@pytest.mark.parametrize("data", ["", "a,b\n1,2\n", "\0"])
def test_what_is_no_such_file_is_said(hospital: Hospital, data: str) -> None:
    """Empty, without the column that is needed, or no text."""
    with pytest.raises(ImportRejected):
        take(hospital, data)


NAMES = st.dictionaries(
    st.sampled_from(["p1", "p2"]),
    st.dictionaries(st.sampled_from(["b1", "b2", "b3"]), st.sampled_from(["x", "y"])),
    max_size=2,
)


@given(files=st.lists(NAMES, min_size=1, max_size=4))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_files_the_last_word_on_each_bed_holds(
    hospital: Hospital, files: list[Mapping[str, Mapping[str, str]]]
) -> None:
    """And no bed is ever gone."""
    with hospital.core.db.read() as conn:
        expected = {(w.id, bed.id): bed.label for w in service.wards(conn) for bed in w.beds}
    for said in files:
        lines = [f"{ward},{ward},{bed},{label}" for ward, beds in said.items() for bed, label in beds.items()]
        take(hospital, HEAD + "\n".join(lines))
        expected |= {(ward, bed): label for ward, beds in said.items() for bed, label in beds.items()}

    assert {(w, bed): label for w, (_name, beds) in wards(hospital).items() for bed, label in beds} == expected
