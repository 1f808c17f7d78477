"""The value of a spreadsheet's cell -> its text, as it is printed where its format is a simple one. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from math import isfinite
from typing import Final

#: Fixed decimals, thousands, percentages: 0, 0.00, #,##0.0, 0.00%; what follows the first ; is for other signs.
_FORMAT: Final = re.compile(r"(?P<comma>#,##)?0(?:\.(?P<decimals>0{1,10}))?(?:_[ )])?\s*(?P<percent>%)?")


def printed(value: object, number_format: str) -> str:
    """Return a cell's value as text: dates in ISO form, whole numbers without ``.0``, simple formats applied."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        bare = value.time() == time(0)
        return value.date().isoformat() if bare else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (int, float)):
        return _number(value, number_format)
    return str(value)


def _number(value: float, number_format: str) -> str:
    found = _FORMAT.fullmatch(number_format.partition(";")[0].strip()) if number_format else None
    if found is None or abs(value) > 1e15 or not isfinite(value):
        return str(value) if isinstance(value, int) else f"{value:.15g}"
    decimals = len(found["decimals"] or "")
    scaled = value * 100 if found["percent"] else value
    text = f"{scaled:,.{decimals}f}" if found["comma"] else f"{scaled:.{decimals}f}"
    return text + ("%" if found["percent"] else "")
