"""One file of the wording store: arrays one after the other, mapped when it is read. Written once, never changed."""

from __future__ import annotations

import json
import mmap
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from indexer.errors import BrokenIndex

#: A file begins with the length of its head and a checksum of it, each in so many bytes.
_SIZE: Final = 4
_HEAD: Final = 2 * _SIZE
_ALIGNED: Final = 64


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays of one dimension to a new file."""
    places: dict[str, tuple[str, int, int, int]] = {}
    at = 0
    for name, array in arrays.items():
        places[name] = (array.dtype.str, at, len(array), zlib.crc32(_bytes(array)))
        at += -(-array.nbytes // _ALIGNED) * _ALIGNED
    head = json.dumps(places).encode()
    head += b" " * (-(_HEAD + len(head)) % _ALIGNED)
    with path.open("xb") as file:
        file.write(len(head).to_bytes(_SIZE, "little") + zlib.crc32(head).to_bytes(_SIZE, "little") + head)
        for array in arrays.values():
            _write_padded(file, array)


def read_arrays(path: Path, *, contents: bool = False) -> dict[str, NDArray[Any]]:
    """Return the arrays of a file, mapped; the map lasts as long as one of them. Raises BrokenIndex.

    The file must be as long as what was written; ``contents``: and hold just that, which takes as long as to read it.
    """
    try:
        with path.open("rb") as file:
            held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        size, check = (int.from_bytes(held[at : at + _SIZE], "little") for at in (0, _SIZE))
        head = held[_HEAD : _HEAD + size]
        if zlib.crc32(head) != check:
            raise broken(path)
        places: dict[str, tuple[str, int, int, int]] = json.loads(head)
        start = end = _HEAD + size
        arrays: dict[str, NDArray[Any]] = {}
        for name, (dtype, at, count, sum_) in places.items():
            of = np.dtype(dtype)
            arrays[name] = np.frombuffer(held, of, count, start + at) if count else np.zeros(0, of)
            end = start + at + -(-arrays[name].nbytes // _ALIGNED) * _ALIGNED
            if contents and count and zlib.crc32(_bytes(arrays[name])) != sum_:
                raise broken(path)
        if end != len(held):
            raise broken(path)
    except (OSError, ValueError, TypeError, OverflowError) as error:
        raise broken(path) from error
    return arrays


def broken(path: Path) -> BrokenIndex:
    """Return the error for a file that isn't what was written."""
    return BrokenIndex(
        zh=f"索引文件 {path.name} 缺失或已损坏；请运行 chadang index --rebuild",
        en=f"the index file {path.name} is missing or damaged; run chadang index --rebuild",
    )


def _write_padded(file: BinaryIO, array: NDArray[Any]) -> None:
    file.write(_bytes(array))
    file.write(b"\0" * (-array.nbytes % _ALIGNED))


def _bytes(array: NDArray[Any]) -> memoryview | bytes:
    """Return the bytes of an array without a copy of them."""
    return np.ascontiguousarray(array).view(np.uint8).data if len(array) else b""
