"""Files that commands write what they take out to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from indexer.errors import QueryRejected


def refuse_to_replace(path: Path, force: bool) -> None:
    """Make sure that a file may be written, before anything is counted for it. Raises QueryRejected."""
    if path.exists() and not force:
        raise QueryRejected(
            zh=f"{path} 已存在，未作改动；请换一个文件名，或加 --force 覆盖",
            en=f"{path} exists and was left as it is; choose another name, or replace it with --force",
        )


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write to; at the end it is there whole, or not at all. Raises QueryRejected where it can't be."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with unfinished.open("wb") as target:
            yield target
        unfinished.replace(path)
    except OSError as error:
        raise QueryRejected(
            zh=f"无法写入 {path}：{error.strerror or error}；请检查文件夹、权限和磁盘空间，并关闭正在使用它的程序",
            en=f"{path} can't be written: {error.strerror or error}; check folder, permissions, disk space, "
            "and close programs that use it",
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
