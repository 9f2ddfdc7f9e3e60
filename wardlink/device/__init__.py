"""The half of the sync that lives on a device: its outbox, its replica, and what keeps both in step with the ward.

Device            the face of it all
store, schema     one SQLite file, one program at a time
outbox            what this device has said and nobody may lose
replica, latest   what it knows of the ward; intake, vitals_rows and provisional write it
journal           the transactions over both
sender, receiver, server_watch, clock_sync      decisions, without effects
sync, repair      the two threads: over MQTT, over HTTP
till              payments at the bed
bills             the bill at the bed
voice             complaints and the survey at the bed
gate              who may come in while the server is away
opening           how the program of a screen gets it, right after a former one
"""

from wardlink.device.device import Device, SignedIn, link_settings
from wardlink.device.entries import Entry, EntryState, OutboxEntry
from wardlink.device.http import CardFound
from wardlink.device.latest import Latest
from wardlink.device.outbox import Outbox
from wardlink.device.replica import Replica
from wardlink.device.status import Applied, CallHeard, Connection, DeviceEvent, Replaced, Settled, SyncStatus

__all__ = [
    "Applied",
    "CallHeard",
    "CardFound",
    "Connection",
    "Device",
    "DeviceEvent",
    "Entry",
    "EntryState",
    "Latest",
    "Outbox",
    "OutboxEntry",
    "Replaced",
    "Replica",
    "Settled",
    "SignedIn",
    "SyncStatus",
    "link_settings",
]
