"""One file of the wording store: arrays one after the other, mapped when it is read. Written once, never changed."""

from __future__ import annotations

import json
import mmap
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from indexer.errors import BrokenIndex

_HEAD: Final = 8
_ALIGNED: Final = 64


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays of one dimension to a new file."""
    places: dict[str, tuple[str, int, int]] = {}
    at = 0
    for name, array in arrays.items():
        places[name] = (array.dtype.str, at, len(array))
        at += -(-array.nbytes // _ALIGNED) * _ALIGNED
    head = json.dumps(places).encode()
    head += b" " * (-(_HEAD + len(head)) % _ALIGNED)
    with path.open("xb") as file:
        file.write(len(head).to_bytes(_HEAD, "little") + head)
        for array in arrays.values():
            _write_padded(file, array)


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of a file, mapped; the map lasts as long as one of them. Raises BrokenIndex."""
    try:
        with path.open("rb") as file:
            held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        size = int.from_bytes(held[:_HEAD], "little")
        places: dict[str, tuple[str, int, int]] = json.loads(held[_HEAD : _HEAD + size])
        start = _HEAD + size
        return {
            name: np.frombuffer(held, np.dtype(dtype), count, start + at) if count else np.zeros(0, np.dtype(dtype))
            for name, (dtype, at, count) in places.items()
        }
    except (OSError, ValueError, TypeError, OverflowError) as error:
        raise broken(path) from error


def broken(path: Path) -> BrokenIndex:
    """Return the error for a file that isn't what was written."""
    return BrokenIndex(
        zh=f"索引文件 {path.name} 缺失或已损坏；请运行 chadang index --rebuild",
        en=f"the index file {path.name} is missing or damaged; run chadang index --rebuild",
    )


def _write_padded(file: BinaryIO, array: NDArray[Any]) -> None:
    file.write(array.tobytes())
    file.write(b"\0" * (-array.nbytes % _ALIGNED))
