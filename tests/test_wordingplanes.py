"""Runs of units in planes: what goes in comes out, at any place, and phrases are found where they stand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import wordingplanes
from indexer.wordingplanes import Planes, planes_of

#: Units of all kinds: common ones, hundreds of rarer ones, and more than sixteen times 256 that hardly occur.
_UNIT = st.one_of(st.integers(0x4E00, 0x4E08), st.integers(0x4E00, 0x5000), st.integers(0, 0xFFFF))
_TEXT = st.lists(_UNIT, max_size=600).map(lambda units: np.array(units, "<u2"))


def found(text: np.ndarray, wanted: np.ndarray) -> list[int]:
    return [at for at in range(len(text) - len(wanted) + 1) if np.array_equal(text[at : at + len(wanted)], wanted)]


@pytest.fixture(params=[1 << 18, 256], ids=["one chunk", "many chunks"], autouse=True, scope="module")
def chunk(request: pytest.FixtureRequest) -> object:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(wordingplanes, "_CHUNK", request.param)
        yield request.param


@settings(max_examples=60, deadline=None)
@given(_TEXT, st.data())
def test_units_come_out_as_they_went_in(text: np.ndarray, data: st.DataObject) -> None:
    planes = Planes(planes_of(text))
    np.testing.assert_array_equal(planes.at(np.arange(planes.size)), text)
    places = data.draw(st.lists(st.integers(0, len(text) - 1)) if len(text) else st.just([]))
    np.testing.assert_array_equal(planes.at(np.array(places, np.int64)), text[places])


@settings(max_examples=100, deadline=None)
@given(_TEXT, st.lists(_UNIT, min_size=1, max_size=3), st.integers(0, 599), st.integers(1, 5))
def test_phrases_are_found_where_they_stand(text: np.ndarray, other: list[int], start: int, size: int) -> None:
    planes = Planes(planes_of(text))
    for wanted in (np.array(other, "<u2"), text[start : start + size]):
        if len(wanted):
            assert planes.find(wanted).tolist() == found(text, wanted)


@settings(max_examples=60, deadline=None)
@given(_TEXT, st.data())
def test_phrases_are_found_within_some_places(text: np.ndarray, data: st.DataObject) -> None:
    planes = Planes(planes_of(text))
    within = np.array(
        sorted(data.draw(st.sets(st.integers(0, len(text) - 1)) if len(text) else st.just(set()))), np.int64
    )
    own = text[within]
    start = data.draw(st.integers(0, max(0, len(own) - 1)))
    wanted = own[start : start + 2]
    if len(wanted):
        assert planes.find(wanted, within).tolist() == found(own, wanted)


def test_units_beyond_all_ranks_are_kept_and_found() -> None:
    text = np.concatenate([np.arange(6_000), np.full(50, 7), np.arange(6_000), [5_999]]).astype("<u2")
    planes = Planes(planes_of(text))
    np.testing.assert_array_equal(planes.at(np.arange(planes.size)), text)
    for unit in (7, 300, 4_095, 4_200, 5_999):
        assert planes.find(np.array([unit], "<u2")).tolist() == np.flatnonzero(text == unit).tolist()
    assert planes.find(np.array([5_998, 5_999], "<u2")).tolist() == found(text, np.array([5_998, 5_999]))
    assert planes.find(np.array([6_001], "<u2")).tolist() == []


def test_planes_of_different_sizes_are_none() -> None:
    arrays = planes_of(np.arange(600).astype("<u2"))
    with pytest.raises(ValueError, match="sizes"):
        Planes({**arrays, "low": arrays["low"][:200]})
