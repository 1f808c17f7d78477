"""What the JSON API takes and gives for wordings."""

from __future__ import annotations

from apiflask import Schema
from apiflask.fields import Dict, Float, Integer, List, Nested, String
from apiflask.validators import OneOf, Range

from indexer.query import MATCHES, RUNGS, SCOPES
from indexer.results import COPIES, Limits
from indexer.reuse import REUSES
from indexer.wordingcounts import WORDING_SORTS
from webui.apifields import count_field, says, text_field
from webui.apischemas import Selection, Whole

_MOST = Limits().page_size


def _year() -> Integer:
    return Integer(required=True, allow_none=True)


class UsersQuery(Selection):
    """Parameters of the users of a wording."""

    match = String(load_default="auto", validate=OneOf(MATCHES), metadata=says("匹配方式 Rung of the ladder"))
    size = Whole(load_default=10, validate=Range(1, _MOST), metadata=says("每页 How many on a page"))
    cursor = String(load_default="", metadata=says("上一页的 next_cursor Go on from next_cursor of the page before"))


class WordingsQuery(UsersQuery):
    """Parameters of a search for wordings."""

    sort = String(
        load_default="use",
        validate=OneOf(WORDING_SORTS),
        metadata=says("使用最多、最早使用、最少见 Most used, first used, rarest first"),
    )


class UseOut(Schema):
    """A sentence where it stands; ``start`` and ``end`` are code points in its paragraph."""

    report_id = text_field()
    section_id = text_field()
    paragraph_id = text_field()
    start = count_field()
    end = count_field()
    text = text_field()
    title = text_field()
    agency = text_field()
    region = text_field()
    year = _year()
    kind = text_field()
    heading_path = List(String(), required=True)
    published_on = text_field()
    source_url = text_field()


class WordingOut(Schema):
    """A wording with its users among the sections found; ``earliest`` counts the reports of the first year."""

    wording = text_field()
    text = text_field()
    reports = count_field()
    agencies = count_field()
    first_year = _year()
    last_year = _year()
    earliest = count_field()
    example = Nested(UseOut, required=True)


class _FoundOut(Schema):
    """How the query was read, and what makes the answer repeatable."""

    query = text_field()
    read_as = text_field()
    match = String(required=True, validate=OneOf(RUNGS))
    scope = String(required=True, validate=OneOf(SCOPES))
    copies = String(required=True, validate=OneOf(COPIES))
    filters = List(String(), required=True)
    offset = count_field()
    engine = text_field()
    generation = text_field()
    corpus_id = text_field()
    next_cursor = text_field()


class WordingsOut(_FoundOut):
    """One page of wordings; ``next_cursor`` is "" on the last."""

    notes = List(String(), required=True)
    sort = String(required=True, validate=OneOf(WORDING_SORTS))
    total = count_field()
    sections = count_field()
    wordings = List(Nested(WordingOut), required=True)


class UsersOut(_FoundOut):
    """A wording with one page of its uses, oldest first; each report once."""

    wording = Nested(WordingOut, required=True)
    users = List(Nested(UseOut), required=True)


class PlaceOut(Schema):
    """Where a wording stands."""

    report_id = text_field()
    section_id = text_field()
    paragraph_id = text_field()
    title = text_field()
    agency = text_field()
    year = _year()
    source_url = text_field()


class SentenceReuseOut(Schema):
    """A sentence; ``reuse`` is "" where it is too short to be a wording. ``earliest`` counts the reports of the first year."""

    start = count_field()
    end = count_field()
    text = text_field()
    reuse = String(required=True, validate=OneOf(("", *REUSES)))
    wording = text_field()
    others = count_field()
    agencies = count_field()
    first_year = _year()
    earliest = count_field()
    first = Nested(PlaceOut, required=True, allow_none=True)


class ParagraphReuseOut(Schema):
    """A paragraph; ``others`` counts the other reports that use all of its wordings, ``first`` is the oldest of them."""

    section_id = text_field()
    paragraph_id = text_field()
    heading = text_field()
    text = text_field()
    others = count_field()
    first = Nested(PlaceOut, required=True, allow_none=True)
    sentences = List(Nested(SentenceReuseOut), required=True)


class ReuseOut(Schema):
    """The reuse map of a report; shares are of the characters of sentences that are wordings."""

    report_id = text_field()
    title = text_field()
    previous = text_field()
    shares = Dict(keys=String(), values=Float(), required=True)
    characters = Dict(keys=String(), values=Integer(), required=True)
    paragraphs = List(Nested(ParagraphReuseOut), required=True)
    generation = text_field()
    corpus_id = text_field()
