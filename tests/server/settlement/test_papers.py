"""The papers of a settlement: what stands on them, in both languages, and that it stands on the sheet."""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2 as pdfium
import pytest

from server.charts.font import FontMissing, find_font
from server.settlement.insurer import Cover
from server.settlement.papers import NotSettled, fees, receipt
from tests.server.settlement.counter import OFFLINE, Till
from wardlink.i18n import speaking
from wardlink.money import yuan


def _has_font() -> bool:
    try:
        find_font()
    except FontMissing:
        return False
    return True


needs_font = pytest.mark.skipif(not _has_font(), reason="needs a Chinese font (make system-deps)")


def texts(pdf: bytes) -> str:
    """The text of all pages, without spaces."""
    document = pdfium.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_range() for page in document).replace(" ", "")


def dark_columns(pdf: bytes) -> Iterator[int]:
    """The columns of the first page, in thousandths of its width, in which anything is drawn."""
    picture = pdfium.PdfDocument(pdf)[0].render(scale=1).to_pil().convert("L")
    for x in range(picture.width):
        if picture.crop((x, 0, x + 1, picture.height)).getextrema()[0] < 200:
            yield x * 1000 // picture.width


def settled(till: Till, cover: Cover | None) -> str:
    """A stay that was settled."""
    for item, quantity in (("bed-3", 3), ("amlodipine-5mg", 14), ("round-ward", 3)):
        till.charge(item, quantity)
    till.paid(200_000)
    id = till.begin(cover)
    till.until(id, "done")
    return id


@needs_font
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh_CN", ["非正式发票", "床位费", "西药费", "个人支付", "预估", "病人1", "ZY0001", "示例数据"]),
        ("en", ["Notanofficialinvoice", "bed", "drugs", "Ownpart", "estimate", "ZY0001", "SAMPLE"]),
    ],
)
def test_a_receipt_says_what_it_is_and_what_was_paid(sqlite_till: Till, language: str, words: list[str]) -> None:
    """No official invoice, by category, who paid what, that the insurance's part is an estimate, what went back."""
    saga = sqlite_till.settlements.called(settled(sqlite_till, OFFLINE))
    with speaking(language):
        pdf = receipt(sqlite_till.settlements, saga, font=None, is_sample=True)
    text = texts(pdf)

    assert [word for word in words if word not in text] == []
    found = saga.divided
    amounts = (found.total_fen, found.fund_fen, found.cash_fen, 200_000, 200_000 - found.cash_fen)
    assert [yuan(fen) for fen in amounts if yuan(fen) not in text] == []
    assert saga.receipt_no in text
    columns = list(dark_columns(pdf))
    assert min(columns) >= 60
    assert max(columns) <= 940


@needs_font
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_list_of_fees_adds_up(sqlite_till: Till, language: str) -> None:
    """Every item with class and own share, subtotals and the total of the bill; nothing runs off the sheet."""
    saga = sqlite_till.settlements.called(settled(sqlite_till, None))
    with speaking(language):
        pdf = fees(sqlite_till.settlements, saga, font=None, is_sample=False)
    text = texts(pdf)

    assert ("苯磺酸氨氯地平片" if language == "zh_CN" else "amlodipinetablets") in text
    assert yuan(saga.total_fen or 0) in text
    assert ("甲" if language == "zh_CN" else "Ownshare") in text
    columns = list(dark_columns(pdf))
    assert min(columns) >= 60
    assert max(columns) <= 940


def test_there_is_no_receipt_before_the_end(sqlite_till: Till) -> None:
    """What is not settled has no receipt."""
    saga = sqlite_till.settlements.called(sqlite_till.begin())
    with pytest.raises(NotSettled):
        receipt(sqlite_till.settlements, saga, font=None, is_sample=False)
