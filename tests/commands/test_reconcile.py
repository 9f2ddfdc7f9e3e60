"""`wardlink reconcile`: a bill that was fetched by hand against the server's database, and plain words else."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from commands.main import run
from server.migrate import upgrade
from workbench.bench.bill_day import ON, write_bill


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The data folder of a server in which nobody has paid anything."""
    upgrade(f"sqlite:///{tmp_path / 'ward.db'}")
    return tmp_path


@pytest.mark.parametrize("channel", ["wechat", "alipay"])
def test_a_bill_fetched_by_hand(folder: Path, capsys: pytest.CaptureFixture[str], channel: str) -> None:
    """Everything in it is unknown here; packed or not it says the same, and the same again changes nothing."""
    bill = folder / "bill"
    lines = write_bill(channel, 20, bill)
    asked = ["--lang", "en", "reconcile", "--data", str(folder), "--channel", channel, "--on", ON.isoformat(), "--file"]
    files = [bill]
    if channel == "wechat":
        files.append(folder / "bill.gz")
        files[-1].write_bytes(gzip.compress(bill.read_bytes()))

    said = []
    for file in files * 2:
        assert run([*asked, str(file)]) == 0
        said.append(capsys.readouterr().out.splitlines()[-1])
    assert len(set(said)) == 1
    assert f"{channel} {ON}: {lines} lines, 0 fit, {lines} open, 0 waiting" in said[0]


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ([], 4, "No payment channel is switched on"),
        (["--file", "x.zip"], 2, "--channel"),
        (["--file", "nowhere.zip", "--channel", "alipay"], 2, "nowhere.zip"),
        (["--channel", "wechat"], 2, "not switched on"),
    ],
)
def test_what_cannot_be_compared_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], options: list[str], code: int, words: str
) -> None:
    """In a sentence."""
    assert run(["--lang", "en", "reconcile", "--data", str(folder), *options]) == code
    assert words in capsys.readouterr().err


def test_a_bill_that_is_none_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing of it is kept."""
    (folder / "bill").write_bytes(b"<html>")
    options = ["--data", str(folder), "--channel", "wechat", "--file", str(folder / "bill")]

    assert run(["--lang", "en", "reconcile", *options]) != 0
    assert "bill" in capsys.readouterr().err
