"""Bigrams of an index: short and long units are cut in two ways, to the same tokens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.grams import gram_text

UNITS = st.lists(st.text(st.characters(codec=None), min_size=1, max_size=60), max_size=5)


@given(UNITS)
def test_every_character_of_a_unit_begins_one_bigram(units: list[str]) -> None:
    shown = [unit.replace(" ", "\x02") for unit in units]
    expected = [" ".join(a + b for a, b in zip(unit, unit[1:] + "\x01", strict=True)) for unit in shown]
    assert gram_text(units) == " \x03 \x03 ".join(expected)
