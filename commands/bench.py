"""`wardlink bench`: measure the programs against a floor and against peers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from commands import bench_bedside, bench_board
from commands.bench_options import AsJson, Check, Work, run, verdict
from wardlink.i18n import domain

_ = domain("commands").gettext

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)

Rounds = Annotated[int, typer.Option(min=1, help="How many rounds are played; the medians are shown.")]
Seconds = Annotated[float, typer.Option(min=0.2, help="How long each load of a round lasts.")]


@app.callback()
def bench() -> None:
    """Measure the programs against a floor and against peers.

    Everything that is compared takes turns in one run on one machine, so that the ratios carry over to other
    machines; the absolute figures do not. Measure on a machine that does nothing else.
    """


@app.command()
def ingest(
    rounds: Rounds = 5,
    seconds: Seconds = 5.0,
    preload: Annotated[
        str, typer.Option(help="How many values lie in the database before; several with commas between them.")
    ] = "0,2000000",
    broker: Annotated[Literal["nats", "mosquitto"], typer.Option(help="The broker that both sides use.")] = "nats",
    work: Work = None,
    keep: Annotated[
        Path | None, typer.Option(help="Keep the preloaded databases in this folder and use them the next time.")
    ] = None,
    as_json: AsJson = False,
    check: Check = False,
) -> None:
    """Measure the whole path of a vital sign: publish, broker, ingest, durable commit, receipt.

    The floor is a bare MQTT subscriber that writes the same payloads with sqlite3 (WAL, FULL, whatever has come
    in meanwhile is one commit) and answers after the commit, on the same broker. Both are processes of their own.

    The JSON object holds: machine; broker; rounds; seconds; beds; values_a_message; ratio (messages a second, ours /
    floor, the smallest of the preloads); found, a list of one object for each preload and speed of commits, with
    preload_values, preload_mb, commit_delay_ms, loads ("closed": as fast as receipts come; "1332" and "4000": so
    many a second, each with per_s, p50_ms, p99_ms, server_cpu_us, server_cores, broker_cpu_us, load_cpu_us), rss_mb
    and bytes_a_message; every figure is an object of floor, ours and ratio; goals, a list of name, value, side,
    bound and met; goals_met.
    """
    from workbench.bench import report
    from workbench.bench.ingest import Order, measure

    with run(work) as (folder, show):
        order = Order(folder, rounds, seconds, _numbers(preload), broker, keep.resolve() if keep else None)
        result = measure(order, show)
    print(report.as_json(result) if as_json else report.ingest(result))
    verdict(check, all(goal.met for goal in result.goals))


@app.command()
def peers(
    rounds: Rounds = 5,
    seconds: Seconds = 5.0,
    broker: Annotated[Literal["nats", "mosquitto"], typer.Option(help="The broker of those that use one.")] = "nats",
    work: Work = None,
    keep: Annotated[
        Path | None, typer.Option(help="Install Node-RED in this folder and use it again the next time.")
    ] = None,
    only: Annotated[
        Literal["fastapi-sqlmodel", "node-red-sqlite"] | None, typer.Option(help="Compare with this peer alone.")
    ] = None,
    as_json: AsJson = False,
    check: Check = False,
) -> None:
    """Measure Wardlink beside two ways that others would take, under the same load.

    The first peer is FastAPI with SQLModel and one commit for each POST. The second is Node-RED with SQLite: MQTT
    in, insert, receipt to MQTT out; npm installs it, and it is left out with the reason where that cannot be done.
    All of them write with WAL and FULL and answer after the commit.

    The JSON object holds: machine; broker; rounds; seconds; measured, a list of name, per_s, p50_ms, p99_ms,
    server_cpu_us, rss_mb and times (how many times as much Wardlink takes in); left_out, an object of peer and
    reason; goals, a list of name, value, side, bound and met; goals_met.
    """
    from workbench.bench import report
    from workbench.bench.peers import BOUNDS, Order, measure

    with run(work) as (folder, show):
        chosen = (only,) if only else tuple(BOUNDS)
        result = measure(Order(folder, rounds, seconds, broker, chosen, keep.resolve() if keep else None), show)
    print(report.as_json(result) if as_json else report.peers(result))
    verdict(check, all(goal.met for goal in result.goals))


@app.command()
def screens(
    rounds: Annotated[int, typer.Option(min=1, help="How many rounds are played; the medians are shown.")] = 7,
    keys: Annotated[int, typer.Option(min=2, help="How many keys are pressed in each round.")] = 20,
    only: Annotated[Literal["cart", "bedside"] | None, typer.Option(help="Measure this screen alone.")] = None,
    as_json: AsJson = False,
    check: Check = False,
) -> None:
    """Measure how soon the cart's and the bedside's screens are there and answer a key.

    Each runs on a terminal of its own, beside an empty Textual app, and is watched from the outside: first paint is
    when the started program has filled the screen, and a key is answered when its change arrives on the terminal.

    The JSON object holds: machine; terminal; rounds; keys; screens, a list of name, first_paint_s,
    first_paint_times (of the empty app's), key_p50_ms, key_times and rss_mb; goals, a list of name, value, side,
    bound and met; goals_met.
    """
    from workbench.bench import report
    from workbench.bench.screens import Order, measure

    with run(None) as (folder, show):
        result = measure(Order(folder, rounds, keys, (only,) if only else ("cart", "bedside")), show)
    print(report.as_json(result) if as_json else report.screens(result))
    verdict(check, all(goal.met for goal in result.goals))


@app.command("catch-up")
def catch_up(
    commands: Annotated[
        str, typer.Option(help="How many commands wait on the cart; several with commas between them.")
    ] = "2000,50000",
    rounds: Annotated[int, typer.Option(min=1, help="How often each is tried; the medians are shown.")] = 3,
    broker: Annotated[Literal["nats", "mosquitto"], typer.Option(help="The broker between them.")] = "nats",
    work: Work = None,
    as_json: AsJson = False,
    check: Check = False,
) -> None:
    """Measure how soon a cart is in step again after eight hours without a network.

    The time runs from the start of the cart's connection until the last of its commands is answered, the answer is
    on its disk, and it holds what the server holds. The server and the broker are processes of their own.

    The JSON object holds: machine; broker; rounds; caught_up, a list of commands, others (changes of the ward that
    the cart missed), seconds, slowest_s and per_s; goals, a list of name, value, side, bound and met; goals_met.
    """
    from workbench.bench import report
    from workbench.bench.catch_up import Order, measure

    with run(work) as (folder, show):
        result = measure(Order(folder, _numbers(commands), rounds, broker), show)
    print(report.as_json(result) if as_json else report.catch_up(result))
    verdict(check, all(goal.met for goal in result.goals))


@app.command()
def month(
    patients: Annotated[int, typer.Option(min=1, max=200, help="How many patients lie in the ward.")] = 60,
    days: Annotated[int, typer.Option(min=1, max=60, help="How many days the cart has followed them.")] = 30,
    rounds: Annotated[int, typer.Option(min=1, help="How many rounds are played; the medians are shown.")] = 5,
    work: Work = None,
    as_json: AsJson = False,
    check: Check = False,
) -> None:
    """Measure a cart with a month of a full ward on its disk: start, opening a patient, disk, memory, keys.

    The month is told to the cart's own store change by change and tidied as on a real cart. Beside it runs a cart with
    the same patients and nothing recorded. Both run without a network on a terminal of their own and are watched
    from the outside. At last a nurse's hands enter a usual set and give three drugs, at a person's pace.

    The JSON object holds: machine; terminal; patients; days; rounds; changes (of the month); start_times,
    opened_times and rss_times (month / empty, paired by round); hands, an object of vitals_keys, vitals_s,
    round_actions, round_s, sets and given (what was found saved); carts, a list of name, start_s, opened_ms,
    opened_slowest_ms, disk_mb and rss_mb; goals, a list of name, value, side, bound and met; goals_met.
    """
    from workbench.bench import report
    from workbench.bench.month import Order, measure

    with run(work) as (folder, show):
        result = measure(Order(folder, patients, days, rounds), show)
    print(report.as_json(result) if as_json else report.month(result))
    verdict(check, all(goal.met for goal in result.goals))


@app.command()
def alerts(
    backlog: Annotated[int, typer.Option(min=1, help="How many changes a cart must catch up with.")] = 12_000,
    broker: Annotated[Literal["nats", "mosquitto"], typer.Option(help="The broker between them.")] = "nats",
    work: Work = None,
    as_json: AsJson = False,
    check: Check = False,
) -> None:
    """Measure how soon a grave set of vital signs is an alert on another cart.

    The time runs from the moment at which the nurse's set is on the disk of her cart until the other cart holds the
    alert: alone, while the whole hospital's monitors speak (1,332 sets a second), and while the other cart catches
    up with what it missed. Server and broker are processes of their own.

    The JSON object holds: machine; broker; reached, a list of meanwhile, alerts, p50_ms, p99_ms, slowest_ms and
    in_step_s (catching up only); goals, a list of name, value, side, bound and met; goals_met.
    """
    from workbench.bench import report
    from workbench.bench.alerts import Order, measure

    with run(work) as (folder, show):
        result = measure(Order(folder, backlog, broker), show)
    print(report.as_json(result) if as_json else report.alerts(result))
    verdict(check, all(goal.met for goal in result.goals))


@app.command()
def reconcile(
    lines: Annotated[int, typer.Option(min=10, help="How many lines the bill of a day has.")] = 100_000,
    rounds: Annotated[int, typer.Option(min=1, help="How many rounds are played; the medians are shown.")] = 3,
    work: Work = None,
    as_json: AsJson = False,
    check: Check = False,
) -> None:
    """Measure how long a payment channel's bill of a day takes to be compared with our books, and how much memory.

    Bills are those of the local gateways, books are a database on the disk; every thousandth line is on one side alone.
    The floor reads the same bill with nothing but splitting lines and the same books with sqlite3. Both are processes
    of their own; starting Python does not count.

    The JSON object holds: machine; rounds; compared, a list of channel, lines, seconds, rss_mb, floor_s, floor_rss_mb,
    times (ours / floor) and differences; goals, a list of name, value, side, bound and met; goals_met.
    """
    from workbench.bench import report
    from workbench.bench.reconcile import Order, measure

    with run(work) as (folder, show):
        result = measure(Order(folder, lines, rounds), show)
    print(report.as_json(result) if as_json else report.reconcile(result))
    verdict(check, all(goal.met for goal in result.goals))


@app.command()
def settle(
    lines: Annotated[int, typer.Option(min=1, help="How many lines the bill of the stay has.")] = 3_000,
    rounds: Annotated[int, typer.Option(min=1, help="How many rounds are played; the medians are shown.")] = 3,
    work: Work = None,
    as_json: AsJson = False,
    check: Check = False,
) -> None:
    """Measure how long the settlement of a long stay takes, from its beginning to its receipt's number.

    The patient pays alone, by our own estimate, and through the local insurance platform over HTTP, whose own work
    counts. Persons answer at once. The floor adds up the same lines with sqlite3 and writes down which they were, in
    one commit. Each run is a process of its own on a fresh database; starting Python does not count.

    The JSON object holds: machine; rounds; settled, a list of way, lines, seconds, floor_s and times (ours / floor);
    goals, a list of name, value, side, bound and met; goals_met.
    """
    from workbench.bench import report
    from workbench.bench.settle import Order, measure

    with run(work) as (folder, show):
        result = measure(Order(folder, lines, rounds), show)
    print(report.as_json(result) if as_json else report.settle(result))
    verdict(check, all(goal.met for goal in result.goals))


@app.command()
def payments(
    per_s: Annotated[int, typer.Option(min=1, help="How many notices come a second.")] = 200,
    seconds: Annotated[float, typer.Option(min=0.2, help="How long each round lasts.")] = 10.0,
    rounds: Annotated[int, typer.Option(min=1, help="How many rounds are played; the medians are shown.")] = 3,
    work: Work = None,
    as_json: AsJson = False,
    check: Check = False,
) -> None:
    """Measure how soon a payment channel's notice is answered, once the payment and its booking are on the disk.

    Each notice is of a payment of its own and comes at its time, whatever the answers do. The floor is a bare HTTP
    server that writes each notice with sqlite3 (WAL, FULL) and checks nothing. Both are processes of their own.

    The JSON object holds: machine; per_s; rounds; answered, a list of name, notices, p50_ms, p99_ms and slowest_ms
    (floor first); p99_times (ours / floor); goals, a list of name, value, side, bound and met; goals_met.
    """
    from workbench.bench import report
    from workbench.bench.payments import Order, measure

    with run(work) as (folder, show):
        result = measure(Order(folder, per_s, seconds, rounds), show)
    print(report.as_json(result) if as_json else report.payments(result))
    verdict(check, all(goal.met for goal in result.goals))


def _numbers(said: str) -> tuple[int, ...]:
    try:
        found = tuple(int(part.replace("_", "")) for part in said.split(","))
    except ValueError:
        found = ()
    if not found or min(found) < 0:
        raise typer.BadParameter(_("{said} is no list of numbers. Say for example 0,2000000.").format(said=said))
    return found


app.command()(bench_bedside.bedside)
app.command("bedside-day")(bench_bedside.day)
app.command()(bench_board.board)


@app.command()
def kpis(
    calls: Annotated[int, typer.Option(min=1, help="How many calls lie in the database.")] = 1_250_000,
    days: Annotated[int, typer.Option(min=16, max=366, help="How many days back they and the stays reach.")] = 365,
    rounds: Annotated[int, typer.Option(min=1, help="How often each question is asked; the medians are shown.")] = 5,
    postgres: Annotated[
        str | None,
        typer.Option(help="An EMPTY database there, as postgresql+psycopg://USER@HOST/NAME, measured as well."),
    ] = None,
    work: Work = None,
    as_json: AsJson = False,
    check: Check = False,
) -> None:
    """Measure how soon the KPIs of a hospital of 1,332 beds are there, over months of data.

    Asked are all wards over all days and over 30, and one ward over all days. The floor reads the same sums of days
    and the same stays with the bare driver. Then the response times of every call and alert of 30 days are asked, and
    of one ward over 92; their floor reads the same calls. Writing the data takes some minutes.

    The JSON object holds: machine; rounds; calls; read, a list of engine, wards, days, seconds, floor_s and times
    (ours / floor); waits, the same of response times; anew_s, by engine, how long the sums of the calls take from the
    facts; goals, a list of name, value, side, bound and met; goals_met.
    """
    from workbench.bench import report
    from workbench.bench.kpis import Order, measure

    with run(work) as (folder, show):
        result = measure(Order(folder, calls, days, rounds, postgres), show)
    print(report.as_json(result) if as_json else report.kpis(result))
    verdict(check, all(goal.met for goal in result.goals))


@app.command()
def medication(
    days: Annotated[int, typer.Option(min=1, max=92, help="How many days back the doses reach.")] = 30,
    per_bed: Annotated[int, typer.Option(min=1, help="How many doses a bed has in a day.")] = 15,
    rounds: Annotated[int, typer.Option(min=1, help="How often each question is asked; the medians are shown.")] = 5,
    postgres: Annotated[
        str | None,
        typer.Option(help="An EMPTY database there, as postgresql+psycopg://USER@HOST/NAME, measured as well."),
    ] = None,
    work: Work = None,
    as_json: AsJson = False,
    check: Check = False,
) -> None:
    """Measure how soon medication safety of a hospital of 1,332 beds is there, over weeks of doses.

    Asked is for every kind of line of the page, of all wards, over 7 days and over all. Writing the doses takes some
    minutes.

    The JSON object holds: machine; rounds; doses; read, a list of engine, line, days and seconds; anew_s, by engine,
    how long the sums take from the doses; goals, a list of name, value, side, bound and met; goals_met.
    """
    from workbench.bench import report
    from workbench.bench.medication import Order, measure

    with run(work) as (folder, show):
        result = measure(Order(folder, days, per_bed, rounds, postgres), show)
    print(report.as_json(result) if as_json else report.medication(result))
    verdict(check, all(goal.met for goal in result.goals))
