"""Columns of numbers in few bytes: read as a whole, and once for a generation. Pure.

Texts are numbered in the order in which they first occur, so most of a column of such numbers are the next new one.
"""

from __future__ import annotations

import zlib
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

#: A number that stands for none.
NONE: Final = 0xFFFFFFFF
_LEVEL: Final = 1
#: Of the codes: the next new number, none; above these the numbers themselves.
_NEW: Final = 0
_NOTHING: Final = 1
_FIRST: Final = 2


def packed_numbers(values: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Return a column of numbers, each of which is at most one more than all before it, or NONE. Raises ValueError."""
    known = np.where(values == NONE, -1, values.astype(np.int64))
    before = np.maximum.accumulate(np.concatenate([[-1], known]))[:-1] if len(known) else known
    if np.any(known > before + 1):
        raise ValueError("numbers that aren't in the order of their first place")
    codes = np.where(known > before, _NEW, np.where(known < 0, _NOTHING, known + _FIRST))
    return packed(codes.astype("<u4"))


def unpacked_numbers(data: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Return what ``packed_numbers`` was given. Raises ValueError, zlib.error."""
    codes = unpacked(data, "<u4")
    values = codes - np.uint32(_FIRST)  # what stands for none comes to NONE
    values[codes == _NOTHING] = NONE
    new = codes == _NEW
    values[new] = np.arange(np.count_nonzero(new), dtype=np.uint32)
    return values


def packed(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Return an array in few bytes: the lowest byte of each number, then the next of each."""
    planes = values.view(np.uint8).reshape(-1, values.itemsize).T.tobytes()
    return np.frombuffer(zlib.compress(planes, _LEVEL), np.uint8)


def unpacked(data: NDArray[np.uint8], dtype: str) -> NDArray[Any]:
    """Return what ``packed`` was given. Raises ValueError, zlib.error."""
    size = np.dtype(dtype).itemsize
    planes = np.frombuffer(zlib.decompress(data.data), np.uint8).reshape(size, -1)
    return np.ascontiguousarray(planes.T).reshape(-1).view(dtype)


def numbered(values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.uint32]]:
    """Return distinct values in the order of their first place, and the number of each value among them."""
    distinct, first, inverse = np.unique(values, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    place = np.empty(len(order), np.uint32)
    place[order] = np.arange(len(order), dtype=np.uint32)
    return distinct[order], place[inverse.reshape(-1)]
