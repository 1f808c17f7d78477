"""Columns of numbers in few bytes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.wordingcodes import NONE, numbered, packed, packed_numbers, unpacked, unpacked_numbers


@given(st.lists(st.one_of(st.none(), st.integers(0, 12))))
def test_numbers_come_out_as_they_went_in(chosen: list[int | None]) -> None:
    known: dict[int, int] = {}
    values = [NONE if each is None else known.setdefault(each, len(known)) for each in chosen]
    column = np.array(values, np.uint32)
    np.testing.assert_array_equal(unpacked_numbers(packed_numbers(column)), column)


def test_numbers_in_another_order_are_refused() -> None:
    with pytest.raises(ValueError, match="order"):
        packed_numbers(np.array([0, 2, 1], np.uint32))


@given(st.lists(st.integers(0, 0xFFFFFFFF)))
def test_columns_come_out_as_they_went_in(values: list[int]) -> None:
    column = np.array(values, "<u4")
    np.testing.assert_array_equal(unpacked(packed(column), "<u4"), column)


@given(st.lists(st.integers(0, 20)))
def test_values_are_numbered_in_the_order_of_their_first_place(values: list[int]) -> None:
    distinct, numbers = numbered(np.array(values, np.uint64))
    assert distinct.tolist() == list(dict.fromkeys(values))
    assert distinct[numbers].tolist() == values
