"""One device at `/fleet/{name}`, and on the page of all devices the form for a new one, and those that were revoked."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence

from fastapi import Request

from server.core import Core
from server.dashboard import tables
from server.dashboard.devices.places import AT_A_BED, Known, beds, known
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.posted import say
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import KINDS, NOTHING, online_text, time_text, word
from server.identity import devices
from server.identity.devices import DeviceEntry
from server.ops.health import Check, free_bytes
from wardlink.i18n import N_, domain

_ = domain("server").gettext

_PARTS = {
    "database": N_("Database"),
    "broker": N_("Broker"),
    "ingest": N_("Intake of messages"),
    "disk": N_("Free on the disk"),
}


def register(core: Core) -> None:
    """The page of a device."""
    page(core, "/fleet/{name}", _one, "device.manage")


async def _one(visit: Visit, request: Request) -> None:
    name = request.path_params["name"]

    def read() -> Known:
        with visit.core.db.read() as conn:
            found = known(conn, visit, name)
        visit.audit("view", f"device {found.entry.id}")
        return found

    found = await asyncio.to_thread(read)
    entry = found.entry
    with framed(visit, entry.name, here="fleet", ward=entry.ward):
        with tag("div", cls="page-head"):
            tag("h1", _("{name} ({id})").format(name=entry.name, id=entry.id))
            with tag("span", cls="tools"):
                tag("a", _("All devices"), cls="button", href=address(f"/fleet?ward={entry.ward}"))
        say(request)
        _facts(visit, entry)
        if entry.revoked_at is None:
            _bind_form(found)
            _sure_form(
                found,
                "revoke",
                _("Take its rights away"),
                _(
                    "It is disconnected at once and can send nothing more. What it has sent stays;"
                    " what it still holds does not come in."
                ),
            )
        else:
            _sure_form(
                found,
                "restore",
                _("Give its rights back"),
                _(
                    "With the credential that it has. Only if it was never out of our hands: else give it"
                    " a new credential."
                ),
            )
            _bind_form(found)


def _facts(visit: Visit, entry: DeviceEntry) -> None:
    now = visit.core.clock.now()
    seen = visit.core.fleet.state(entry.id)
    online = None if seen is None else not seen.silent(visit.core.clock.monotonic_s())
    heard = [at for at in (entry.last_seen_at, seen and seen.heard_at) if at]
    state = online_text(online)
    if entry.revoked_at is not None:
        state = _("revoked {at}").format(at=time_text(entry.revoked_at, now))
    with tag("dl", cls="facts"):
        for label, text in (
            (_("Kind"), word(KINDS, entry.kind)),
            (_("Ward"), entry.ward),
            (_("Bed"), entry.bed or NOTHING),
            (_("State"), state),
            (_("Last heard"), time_text(max(heard), now) if heard else _("never")),
            (_("Credential since"), time_text(entry.enrolled_at, now)),
        ):
            with tag("div"):
                tag("dt", label)
                tag("dd", text)


def _bind_form(found: Known) -> None:
    entry = found.entry
    with tag("form", method="post", action=address(f"/fleet/{entry.id}/bind"), cls="ask"):
        tag("h2", _("Bind to a bed") if entry.kind in AT_A_BED else _("New credential"))
        tag("p", _("The device gets a new credential; the one that it has is worth nothing from then on."))
        tag("input", type="hidden", name="version", value=found.version)
        if entry.kind in AT_A_BED:
            _bed_field(found.beds, chosen=entry.bed, required=entry.kind == "terminal")
        _sure()
        with tag("div", cls="actions"):
            tag("button", _("Make a new credential"), type="submit", cls="button main")


def _sure_form(found: Known, act: str, title: str, text: str) -> None:
    with tag("form", method="post", action=address(f"/fleet/{found.entry.id}/{act}"), cls="ask"):
        tag("h2", title)
        tag("p", text)
        tag("input", type="hidden", name="version", value=found.version)
        _sure()
        with tag("div", cls="actions"):
            tag("button", title, type="submit", cls="button")


def _sure() -> None:
    with tag("label", cls="sure"):
        tag("input", type="checkbox", name="sure", value="yes", required=True)
        tag("span", _("I have checked that this is the device."))


def _bed_field(listed: Sequence[tuple[str, str]], *, chosen: str | None, required: bool) -> None:
    with tag("label"):
        tag("span", _("Bed"))
        with tag("select", name="bed", required=required or None):
            tag("option", _("Please choose") if required else _("no bed"), value="")
            for bed, label in listed:
                tag("option", label, value=bed, selected="selected" if bed == chosen else None)


async def manage(visit: Visit, wards: Collection[str]) -> None:
    """Below the list of all devices: those that were revoked, and the form for a new one in one of these wards."""

    def read() -> tuple[Sheet, dict[str, tuple[tuple[str, str], ...]]]:
        with visit.core.db.read() as conn:
            gone = [each for each in devices.listed(conn) if each.revoked_at is not None and each.ward in wards]
            return _gone(visit, gone), {ward: beds(conn, ward) for ward in wards}

    gone, places = await asyncio.to_thread(read)
    if gone.rows:
        with tag("section", cls="section"):
            tag("h2", _("Revoked"))
            tables.show(gone, label=_("Revoked"), nothing=_("None."))
    with tag("section", cls="section"):
        _enrol_form(places)


def _gone(visit: Visit, listed: Sequence[DeviceEntry]) -> Sheet:
    now = visit.core.clock.now()
    columns = (
        Column("name", _("Device")),
        Column("kind", _("Kind")),
        Column("ward", _("Ward")),
        Column("at", _("Revoked")),
    )
    rows = [
        Row(
            each.id,
            {
                "name": Cell(_("{name} ({id})").format(name=each.name, id=each.id), href=address(f"/fleet/{each.id}")),
                "kind": Cell(word(KINDS, each.kind)),
                "ward": Cell(each.ward),
                "at": instant(each.revoked_at, now) if each.revoked_at else Cell(NOTHING),
            },
        )
        for each in listed
    ]
    return Sheet(columns, tuple(rows))


def _enrol_form(places: dict[str, tuple[tuple[str, str], ...]]) -> None:
    with tag("form", method="post", action=address("/fleet/enrol"), cls="ask broad"):
        tag("h2", _("Enrol a device"))
        with tag("div", cls="fields"):
            with tag("label"):
                tag("span", _("Id: lower-case letters, digits, hyphens"))
                tag(
                    "input",
                    type="text",
                    name="id",
                    required=True,
                    maxlength="40",
                    pattern="[a-z0-9]([a-z0-9\\-]*[a-z0-9])?",
                )
            with tag("label"):
                tag("span", _("Name of the device"))
                tag("input", type="text", name="name", maxlength="60")
            with tag("label"):
                tag("span", _("Kind"))
                with tag("select", name="kind", required=True):
                    for kind in KINDS:
                        tag("option", word(KINDS, kind), value=kind)
            with tag("label"):
                tag("span", _("Ward"))
                with tag("select", name="ward", required=True):
                    for ward in places:
                        tag("option", ward, value=ward)
            with tag("label"):
                tag("span", _("Bed (terminal, monitor)"))
                with tag("select", name="bed"):
                    tag("option", _("no bed"), value="")
                    listed = dict.fromkeys(place for found in places.values() for place in found)
                    for bed, label in listed:
                        tag("option", label, value=bed)
        with tag("div", cls="actions"):
            tag("button", _("Enrol"), type="submit", cls="button main")


def health(core: Core, checks: Mapping[str, Check]) -> None:
    """How server and broker are, beside each other."""
    with tag("dl", cls="facts", aria_label=_("Server and broker")):
        for name, found in checks.items():
            part = _PARTS[name]
            with tag("div"):
                tag("dt", _(part))
                tag("dd", _told(core, name, found), cls="" if found.ok else "bad")


def _told(core: Core, name: str, found: Check) -> str:
    if name == "broker":
        return _("connected") if found.ok else _("not connected")
    if name == "database":
        return found.detail if found.ok else _("not well: {detail}").format(detail=found.detail)
    if name == "disk" and core.db.file is not None:
        return _("{n} GB").format(n=f"{free_bytes(core.db.file.parent) / 1e9:.1f}")
    if not core.ingest.alive:
        return _("not running")
    return _("{n} waiting, {s} s").format(n=len(core.inbox), s=f"{core.inbox.lag_s():.1f}")
