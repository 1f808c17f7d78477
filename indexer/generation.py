"""Generations of the index: where they lie, their manifests, whether they are what was written, and the switch between them."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

from corpus.folding import folding_version
from corpus.model import digest64
from indexer.errors import BrokenIndex, IndexBusy, IndexUnwritable, NoIndex, StaleIndex
from indexer.results import Manifest
from indexer.segment import Segmenter

#: Raise it when the files of a generation or the tokens in them change.
SCHEMA_VERSION: Final = 7
#: What lies in a generation: Whoosh's index and its texts; tantivy's index, its packs of texts, its columns of reports.
TEXTS: Final = "texts.db"
WHOOSH: Final = "whoosh"
TANTIVY: Final = "tantivy"
PACKS: Final = "packs"
COLUMNS: Final = "columns"
#: The sentences of both, with what wording each has.
WORDINGS: Final = "wordings"
#: Beside the generations: what an interrupted build finished.
UNFINISHED: Final = "unfinished"
_KEPT: Final = 2


def fingerprint(segmenter: Segmenter) -> str:
    """Return what an index depends on besides the texts: the folding table, the segmenter with its dictionary, our schema."""
    return digest64(folding_version(), segmenter.name, str(SCHEMA_VERSION))


def folder_of(home: Path, generation: str) -> Path:
    """Return the folder of a generation."""
    return home / "index" / generation


def current_generation(home: Path) -> str:
    """Return the name of the generation that readers are to open. Raises NoIndex."""
    try:
        return (home / "index" / "current").read_text("utf-8").strip()
    except OSError as error:
        raise NoIndex(
            zh="还没有索引；请先导入报告（chadang load 文件夹），再运行 chadang index",
            en="there is no index yet; load reports (chadang load FOLDER), then run chadang index",
        ) from error


def usable_generation(home: Path, segmenter: Segmenter) -> tuple[Path, Manifest]:
    """Return the folder and manifest of the current generation, checked. Raises NoIndex, StaleIndex or BrokenIndex."""
    folder = folder_of(home, current_generation(home))
    manifest = read_manifest(folder)
    check_usable(folder, manifest, segmenter)
    return folder, manifest


def read_manifest(folder: Path) -> Manifest:
    """Return a generation's manifest. Raises BrokenIndex."""
    try:
        manifest = Manifest(**json.loads((folder / "manifest.json").read_text("utf-8")))
    except TypeError as error:  # a manifest with other fields
        raise _stale() from error
    except (OSError, ValueError) as error:
        raise _broken(folder / "manifest.json") from error
    return manifest


def check_usable(folder: Path, manifest: Manifest, segmenter: Segmenter) -> None:
    """Make sure that a generation fits this program and is what was written, before anything in it is opened.

    Whoosh's files hold pickles: a file that isn't the one we wrote is never opened. Raises StaleIndex or BrokenIndex.
    """
    if manifest.fingerprint != fingerprint(segmenter) or manifest.schema_version != SCHEMA_VERSION:
        raise _stale()
    for path in written_files(folder / WHOOSH):
        if path.relative_to(folder).as_posix() not in manifest.files:
            raise _broken(path)
    check_files(folder, manifest, contents=manifest.engine == "whoosh")


def check_files(folder: Path, manifest: Manifest, *, contents: bool) -> None:
    """Make sure that all files of a generation are there, in their size or with what was written. Raises BrokenIndex.

    To read all of a large index takes longer than its first answer may: only ``status --verify`` does.
    """
    for name, digest in manifest.files.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != manifest.sizes.get(name):
            raise _broken(path)
        if contents and digest_of(path) != digest:
            raise _broken(path)


def written_files(folder: Path) -> list[Path]:
    """Return the files that a manifest answers for: not itself, no locks, not what a file manager leaves."""
    found = (p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("."))
    return sorted(p for p in found if p.name != "manifest.json" and not p.name.endswith(("LOCK", ".lock")))


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Keep other builders out; the lock goes with the process, however it ends."""
    try:
        (home / "index").mkdir(parents=True, exist_ok=True)
        lock = sqlite3.connect(home / "index" / "lock.db", timeout=0, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise unwritable(home, error) from error
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        if "locked" not in str(error):
            raise unwritable(home, error) from error
        raise IndexBusy(
            zh="另一个进程正在建立索引；请等它结束后再试",
            en="another process is building the index; try again when it has finished",
        ) from error
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise unwritable(home, error) from error
    finally:
        lock.close()


def unfinished_folder(index: Path, key: str) -> Path:
    """Return the folder for what a build leaves when it is interrupted, named by all that goes into it.

    What any other build left is thrown away.
    """
    root = index / UNFINISHED
    for other in root.iterdir() if root.is_dir() else ():
        if other.name != key:
            shutil.rmtree(other, ignore_errors=True)
    return root / key


def forget_unfinished(index: Path) -> None:
    """Remove what interrupted builds left."""
    shutil.rmtree(index / UNFINISHED, ignore_errors=True)


def remove_old(home: Path, current: str) -> None:
    """Remove all but the newest generations; one that is still open (Windows) stays until the next time.

    What a killed build left of a generation goes first.
    """
    held = [p for p in (home / "index").iterdir() if p.is_dir() and p.name not in (current, UNFINISHED)]
    whole = sorted(p.name for p in held if (p / "manifest.json").exists())
    left = [p.name for p in held if p.name not in whole]
    for name in left + whole[: max(0, len(whole) - _KEPT + 1)]:
        shutil.rmtree(home / "index" / name, ignore_errors=True)


def link(source: Path, target: Path) -> None:
    """Share a file that never changes with a later generation; where links can't be made, copy it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    state = sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            state.update(chunk)
    return state.hexdigest()


def write_synced(path: Path, text: str) -> None:
    """Replace a file in one step, so that a reader sees the old or the new."""
    aside = path.with_name(path.name + ".new")
    aside.write_text(text, "utf-8")
    sync(aside)
    aside.replace(path)
    sync_folder(path.parent)


def sync(path: Path) -> None:
    """Have a file reach the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make a rename last; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _stale() -> StaleIndex:
    return StaleIndex(
        zh="索引由另一版本的程序（格式、分词或折叠表）写成；请运行 chadang index 重建",
        en="the index was written by another version (format, segmenter or folding); run chadang index",
    )


def unwritable(home: Path, error: Exception) -> IndexUnwritable:
    """Return the error for a folder that can't be written."""
    return IndexUnwritable(
        zh=f"无法在 {home / 'index'} 建立索引：{error}；请检查权限、磁盘空间和资料库文件后重试",
        en=f"can't build the index in {home / 'index'}: {error}; check permissions, disk space and the library's file",
    )


def _broken(path: Path) -> BrokenIndex:
    return BrokenIndex(
        zh=f"索引文件 {path.name} 缺失或已损坏；请运行 chadang index --rebuild",
        en=f"the index file {path.name} is missing or damaged; run chadang index --rebuild",
    )
