"""The processes of a demo: started together, looked after, and ended in the right order."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from wardlink.process.child import Child
from workbench.demo import paying
from workbench.demo.folder import Card, DemoFolder
from workbench.demo.plan import CART, SampleWard
from workbench.demo.ports import Ports

STOP_WITHIN_S = 10.0


@dataclass
class Told:
    """What the simulation said last about itself."""

    recorded: int = 0
    unanswered: int = -1
    refused: int = 0
    online: bool = False


@dataclass
class Crew:
    """Every process of a demo. Use it from one thread, which lives as long as they shall."""

    gateway: Child
    server: Child
    cart: Child
    bedside: Child
    simulation: Child | None
    told: Told
    restarts: dict[str, int] = field(default_factory=dict)

    def start(self) -> None:
        """Start all of them; they wait for each other by themselves."""
        for child in self._all():
            child.start()

    def look_after(self, say: Callable[[str], None]) -> None:
        """Start again what has ended by itself; `say` hears its name."""
        for child in self._all():
            if not child.alive:
                self.restarts[child.name] = self.restarts.get(child.name, 0) + 1
                say(child.name)
                child.start()

    def stop(self) -> None:
        """End them: those who speak first, the server with its broker and the gateway last."""
        for child in reversed(list(self._all())):
            child.stop(STOP_WITHIN_S)

    def _all(self) -> Iterable[Child]:
        found = [self.gateway, self.server, self.cart, self.bedside, self.simulation]
        return [child for child in found if child is not None]


def crew(folder: DemoFolder, card: Card, sample: SampleWard, host: str, ports: Ports, cast: Path | None) -> Crew:
    """The processes of the demo in `folder`, not yet started. Without a `cast` nothing is simulated."""
    # Chinese is the first language of the screens; --lang has the last word.
    spoken = {"WARDLINK_LANG": os.environ.get("WARDLINK_LANG", "zh"), "WARDLINK_DEMO": "1"}
    told = Told()

    def screen(part: str, device: str, port: int, token: str) -> Child:
        command = [
            *(sys.executable, "-m", "commands", part, "--serve", "--host", host, "--port", str(port)),
            *("--credential", str(folder.credential(device)), "--data", str(folder.device(device))),
        ]
        # By the environment: a command line can be read by everybody on this machine.
        environment = {**spoken, "WARDLINK_SCREEN_TOKEN": token}
        return Child(part, command, log=folder.logs / f"{part}.log", environment=environment)

    def hear(line: str) -> None:
        told.__dict__.update(json.loads(line))

    server = [
        *(sys.executable, "-m", "commands", "server", "--demo", "--data", str(folder.server)),
        *("--host", host, "--port", str(ports.page), "--broker-port", str(ports.broker)),
    ]
    simulation = [sys.executable, "-m", "workbench.simulation", str(cast)]
    return Crew(
        gateway=paying.gateway(folder, host, ports, spoken),
        server=Child(
            "server", server, log=folder.logs / "server.log", environment=spoken | paying.settings(folder, host, ports)
        ),
        cart=screen("cart", CART, ports.cart, card.cart_token),
        bedside=screen("bedside", sample.human_terminal, ports.bedside, card.bedside_token),
        simulation=Child("simulation", simulation, log=folder.logs / "simulation.log", environment=spoken, on_line=hear)
        if cast is not None
        else None,
        told=told,
    )
