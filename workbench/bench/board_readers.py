"""Boards that are open somewhere, without a browser: `python -m workbench.bench.board_readers …`.

Each opens the page as a browser does, connects to what the page connects to, reads every frame, and says that it has
been shown. It says a line when all are there; each line on its stdin is answered by one of JSON with the counts.
"""

from __future__ import annotations

import argparse
import ast
import asyncio
import json
import re
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import httpx2
import orjson
import websockets

from wardlink.errors import Unreachable
from wardlink.i18n import N_
from wardlink.process.child import Child

_NO_BOARD = N_("The board did not answer as a board does.")
_QUERY = re.compile(r"query: (\{.*?\}),\n")
_LISTENER = re.compile(r'"listener_id":"([^"]+)","type":"shown"')
_APPLY = re.compile(r"runMethod\((\d+), 'apply'")
_PING, _PONG, _OPEN, _EVENT = "2", "3", "40", "42"
_MOST_BYTES = 2**24
_READY_S = 120.0


@dataclass
class Counted:
    """What all boards have read together."""

    frames: int = 0
    bytes: int = 0


class Readers:
    """So many open boards of a ward in a process of their own, inside the block. `token`: of the session."""

    def __init__(self, folder: Path, url: str, ward: str, token: str, boards: int) -> None:
        self._lines: list[str] = []
        command = [sys.executable, "-m", "workbench.bench.board_readers", "--url", url, "--ward", ward]
        command += ["--boards", str(boards), "--cookie", f"wardlink_session={token}"]
        self._child = Child("boards", command, log=folder / "boards.log", on_line=self._lines.append)

    def __enter__(self) -> Readers:
        self._child.start()
        self._child.wait_ready(lambda: bool(self._lines), _READY_S)
        return self

    def __exit__(self, *_: object) -> None:
        self._child.kill()

    def counted(self) -> Counted:
        """What they have read until now.

        Raises:
            Unreachable: they have ended.
        """
        known = len(self._lines)
        self._child.say("counted")
        self._child.wait_ready(lambda: len(self._lines) > known, _READY_S)
        return Counted(**json.loads(self._lines[-1]))


async def read_board(url: str, ward: str, cookie: str, counted: Counted, opened: asyncio.Event) -> None:
    """One board, until it is ended.

    Raises:
        Unreachable: it did not open.
    """
    async with httpx2.AsyncClient(trust_env=False, timeout=60) as http:
        page = await http.get(f"{url}/board/?ward={ward}", headers={"Cookie": cookie})
    query = _QUERY.search(page.text)
    listener = _LISTENER.search(page.text)
    if page.status_code != 200 or query is None or listener is None:
        raise Unreachable(_NO_BOARD)
    asked = ast.literal_eval(query[1])
    asked |= {"document_id": str(uuid.uuid4()), "tab_id": str(uuid.uuid4()), "EIO": "4", "transport": "websocket"}
    told = {name: str(value).lower() if isinstance(value, bool) else value for name, value in asked.items()}
    address = f"{url.replace('http', 'ws', 1)}/board/_nicegui_ws/socket.io/?{urlencode(told)}"
    async with websockets.connect(address, max_size=_MOST_BYTES, proxy=None, ping_interval=None) as socket:
        async for message in socket:
            text = message if isinstance(message, str) else message.decode()
            if text.startswith("0"):
                await socket.send(_OPEN)
            elif text == _PING:
                await socket.send(_PONG)
            elif text.startswith(_OPEN):
                opened.set()
            elif text.startswith(_EVENT) and (frame := _APPLY.search(text)) is not None:
                counted.frames += 1
                counted.bytes += len(text)
                shown = {"id": int(frame[1]), "client_id": asked["client_id"], "listener_id": listener[1], "args": []}
                await socket.send(_EVENT + orjson.dumps(["event", shown]).decode())


async def read_all(url: str, ward: str, cookie: str, boards: int) -> None:
    """So many boards, and an answer for each line on stdin."""
    counted, opened = Counted(), [asyncio.Event() for _board in range(boards)]
    async with asyncio.TaskGroup() as group:
        for event in opened:
            group.create_task(read_board(url, ward, cookie, counted, event))
            await event.wait()
        print("ready", flush=True)
        while await asyncio.to_thread(sys.stdin.readline):
            print(json.dumps({"frames": counted.frames, "bytes": counted.bytes}), flush=True)


def main() -> None:
    """The command line of the child process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--ward", required=True)
    parser.add_argument("--cookie", required=True)
    parser.add_argument("--boards", type=int, required=True)
    args = parser.parse_args()
    asyncio.run(read_all(args.url, args.ward, args.cookie, args.boards))


if __name__ == "__main__":
    main()
