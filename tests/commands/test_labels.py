"""`wardlink labels`: the sample ward's labels, and plain words where they cannot be printed."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from commands.main import run
from wardlink.codes.reading import read_code


def test_every_label_of_the_sample_ward_can_be_scanned_and_says_what_it_is(tmp_path: Path) -> None:
    """As a printer for labels prints it; each page has one code, and one of every kind is there."""
    file = tmp_path / "labels.pdf"

    assert run(["labels", str(file), "--sample"]) == 0

    kinds = []
    for page in pypdfium2.PdfDocument(file):
        dpi = 300 if page.get_width() < 250 and page.get_height() > 150 else 203  # Cards are printed finer.
        (code,) = zxingcpp.read_barcodes(page.render(scale=dpi / 72).to_pil())
        kinds.append(type(read_code(code.text)).__name__)
        assert "SAMPLE" in page.get_textpage().get_text_range()
    assert set(kinds) == {"Wristband", "BagLabel", "BedTag", "Badge", "DrugPack"}


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [(["--data", "nowhere"], 4, "no ward server's data"), (["--sample", "--ward", "w9", "--only", "beds"], 2, "w9")],
)
def test_what_cannot_be_printed_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], code: int, words: str
) -> None:
    """In a sentence, and no file is left behind."""
    file = tmp_path / "labels.pdf"

    assert run(["--lang", "en", "labels", str(file), *options]) == code
    assert words in capsys.readouterr().err
    assert not file.exists()
