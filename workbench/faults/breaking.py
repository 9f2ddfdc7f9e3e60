"""What each fault does to the processes and cables of a run, and how it is healed."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from wardlink.process.child import Child
from workbench.faults.carts import Cart
from workbench.faults.plan import Break, Fault
from workbench.faults.proxy import Cable, Cables


@dataclass
class Breaker:
    """Breaks one thing at a time and leaves its healing for `later` (seconds from now, what to do).

    `server_killed` is called with what the carts held for answered at the moment of a kill.
    """

    cables: Cables
    carts: Sequence[Cart]
    server: Child
    server_cable: Cable
    broker: Child
    wipe: Callable[[], None]
    later: Callable[[float, Callable[[], None]], None]
    server_killed: Callable[[set[str]], None]
    _answered: set[str] = field(default_factory=set)

    def do(self, step: Break) -> bool:
        """Let it happen; False if its target does not run now, and it shall be tried again in a moment."""
        cart = self.carts[step.cart]
        match step.fault:
            case Fault.CART_KILL:
                return self._kill(cart.process, step, kill=cart.kill)
            case Fault.SERVER_KILL:
                return self._is_serving() and self._kill(self.server, step, kill=self._kill_server)
            case Fault.BROKER_KILL:
                return self._kill(self.broker, step, kill=self.broker.kill)
            case Fault.BROKER_WIPE:
                return self._kill(self.broker, step, kill=self._wipe_broker)
            case Fault.SERVER_STALL:
                return self._stall(step)
            case Fault.CART_RESET:
                self.cables.reset(cart.mqtt, cart.http)
            case Fault.CART_CUT:
                self._cut(step, cart.mqtt, cart.http)
            case Fault.CART_HTTP_CUT:
                # The wire comes back at once, what was missed cannot be asked for yet.
                self._cut(step, cart.http)
                self.cables.reset(cart.mqtt)
            case Fault.SERVER_CUT:
                self._cut(step, self.server_cable)
            case Fault.CART_LOSS:
                self._lose(step, cart.mqtt, cart.http)
            case Fault.SERVER_LOSS:
                self._lose(step, self.server_cable)
        return True

    def _kill(self, target: Child, step: Break, *, kill: Callable[[], None]) -> bool:
        if not target.alive:
            return False
        kill()
        self.later(step.lasts_s, target.start)
        return True

    def _claimed(self) -> set[str]:
        return {command for cart in self.carts for command in cart.settled()}

    def _is_serving(self) -> bool:
        # One that has not answered anything since its start has nothing to lose yet; unless there is nothing to answer.
        return all(cart.is_answered for cart in self.carts) or not self._claimed() <= self._answered

    def _kill_server(self) -> None:
        claimed = self._claimed()
        self.server.kill()
        self._answered |= claimed
        self.server_killed(claimed)

    def _wipe_broker(self) -> None:
        self.broker.kill()
        self.wipe()

    def _stall(self, step: Break) -> bool:
        if not self.server.alive:
            return False
        self.server.signal(signal.SIGSTOP)
        self.later(step.lasts_s, lambda: self.server.signal(signal.SIGCONT))
        return True

    def _cut(self, step: Break, *cables: Cable) -> None:
        self.cables.cut(*cables, is_cut=True)
        self.later(step.lasts_s, lambda: self.cables.cut(*cables, is_cut=False))

    def _lose(self, step: Break, *cables: Cable) -> None:
        self.cables.lose(*cables, is_lossy=True)
        self.later(step.lasts_s, lambda: self.cables.lose(*cables, is_lossy=False))
