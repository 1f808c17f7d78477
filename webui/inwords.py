"""How a query was read, as a sentence. Pure."""

from __future__ import annotations

from typing import Final

from indexer.parser import parse
from indexer.query import And, Code, Exact, MatchAll, Near, Not, Or, Query, Range, Rung, Scope, Term
from webui.labels import label, value_name

_NAMED: Final = {"title": "corrected.title", "number": "report.number"}
_PIECE: Final = {"exact": "words.piece", "words": "words.piece.words", "most": "words.piece.most"}


def in_words(text: str, rung: Rung, scope: Scope, lang: str) -> str:
    """Return what a query finds, in words of the language; "" for an empty query. Raises QueryRejected."""
    query = parse(text).query
    if isinstance(query, MatchAll):
        return ""
    whole = "words.reports" if scope == "report" else "words.sections"
    return label(whole, lang).format(what=_said(query, rung, lang))


def _said(query: Query, rung: Rung, lang: str) -> str:
    match query:
        case And(children):
            return label("words.and", lang).join(_grouped(child, rung, lang, Or) for child in children)
        case Or(children):
            return label("words.or", lang).join(_grouped(child, rung, lang, And) for child in children)
        case Not(child):
            # What is excluded is always to the letter (contract 3.4).
            return label("words.not", lang).format(what=_grouped(child, "exact", lang, (And, Or)))
        case MatchAll():
            return label("words.all", lang)
        case Range(low=low, high=high):
            return _years(low, high, lang)
        case Code(field, value):
            return label("words.code", lang).format(field=_field(field, lang), text=value_name(field, value, lang))
        case Near(parts, within):
            quoted = label("words.beside", lang).join(label("words.quoted", lang).format(text=part) for part in parts)
            return label("words.near", lang).format(text=quoted, n=within)
        case Exact(text, None):
            return label("words.exact", lang).format(text=text)
        case Term(text, None):
            return label(_PIECE[rung], lang).format(text=text)
        case Exact(text, field) | Term(text, field):
            return label("words.field", lang).format(field=_field(field or "", lang), text=text)
        case _:
            return label("words.lineage", lang).format(field=_field(query.field, lang), text=query.text)


def _grouped(child: object, rung: Rung, lang: str, kinds: type | tuple[type, ...]) -> str:
    said = _said(child, rung, lang)  # type: ignore[arg-type]
    return label("words.group", lang).format(what=said) if isinstance(child, kinds) else said


def _years(low: int | None, high: int | None, lang: str) -> str:
    if low is not None and low == high:
        return label("words.year", lang).format(year=low)
    key = "words.years" if low is not None and high is not None else "words.since" if high is None else "words.until"
    return label(key, lang).format(low=low, high=high)


def _field(field: str, lang: str) -> str:
    name = label(_NAMED.get(field, f"facet.{field}"), lang)
    return name.lower() if lang == "en" else name
