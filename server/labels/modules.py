"""The dark and light modules of a code, drawn by a library that reads codes as well."""

from __future__ import annotations

from typing import Any

from server.labels.label import Symbology

_FORMATS = {"qr": "QRCode", "datamatrix": "DataMatrix", "code128": "Code128"}


def modules_of(text: str, symbology: Symbology) -> list[list[bool]]:
    """Rows of modules, True where it is dark, without a quiet zone; a linear code is one row.

    A DataMatrix is square and holds GS1 elements, written with their numbers in brackets.
    """
    import zxingcpp

    options: dict[str, Any] = {"gs1": True, "force_square": True} if symbology == "datamatrix" else {}
    barcode = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, _FORMATS[symbology]), **options)
    image: Any = barcode.to_image(scale=1, add_quiet_zones=False)
    picture: Any = memoryview(image)
    rows, columns = picture.shape
    wanted = range(1) if symbology == "code128" else range(rows)
    return [[picture[row, column] < 128 for column in range(columns)] for row in wanted]
