"""The language of a page by Flask-Babel: which it is, its words from compiled catalogs, its numbers, days and times.

``webui/labels*.py`` is where the words are written, both languages side by side; ``scripts/make_catalogs.py`` makes
the catalogs of them (``webui/translations``), and a test holds both in step.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from babel.numbers import format_decimal
from flask import Flask
from flask_babel import Babel, format_date, format_time, get_domain, get_locale

from webui.labels import label
from webui.state import LANGS, Lang

TRANSLATIONS: Final = Path(__file__).parent / "translations"


def register(app: Flask, language: Callable[[], Lang]) -> None:
    """Have Flask-Babel speak the language that ``language`` tells of the current request."""
    Babel(
        app,
        default_locale=LANGS[0],
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=language,
    )


def words(lang: Lang) -> Callable[[str], str]:
    """Return what gives a string of the page in the language of the current request, which is ``lang``.

    A key without words in the catalogs is looked up in the tables; one that isn't there either raises KeyError.
    """
    catalog = get_domain().get_translations()

    def word(key: str) -> str:
        text: str = catalog.gettext(key)
        return text if text != key else label(key, lang)

    return word


def number(value: int) -> str:
    """Return a count as the language of the current request writes it."""
    return _number(value, str(get_locale()))


@lru_cache(4096)
def _number(value: int, locale: str) -> str:
    # Babel's own, with the locale that Flask-Babel chose: a page has hundreds of counts, most of them again and again.
    return format_decimal(value, locale=locale)


def day(iso: str) -> str:
    """Return the day of an ISO date or time, on this computer's clock, as the language writes it."""
    return str(format_date(_local(iso), "medium", rebase=False))


def moment(iso: str) -> str:
    """Return an ISO time with its minutes, on this computer's clock, as the language writes it."""
    return f"{day(iso)} {format_time(_local(iso), 'short', rebase=False)}"


def _local(iso: str) -> datetime:
    at = datetime.fromisoformat(iso)
    return at.astimezone() if at.tzinfo else at


def half(text: str, lang: Lang) -> str:
    """Return one language of a text of the OpenAPI document, which says all in Chinese and then in English.

    A text of one language alone is returned as it is.
    """
    last = max((at for at, each in enumerate(text) if "\u3400" <= each <= "\u9fff"), default=-1)
    starts = [at + 1 for at in range(max(last, 0), len(text) - 1) if text[at] == " "]
    if last < 0 or not starts:
        return text
    # English begins with a capital; a name before it, such as next_cursor, still belongs to the Chinese.
    start = next((at for at in starts if text[at].isupper()), starts[0])
    return text[start:] if lang == "en" else text[: start - 1]
