"""Exports read again, whoever saved them since, and compared with what the same search gives now."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from corpus.model import digest64
from indexer.errors import QueryRejected
from indexer.exporting import Facts, Unit, Value, facts_from
from indexer.exportwriting import FACTS_SHEET, unguarded

#: What is compared, apart from which rows there are. Numbers and citations hold the day of the export.
_COMPARED: Final = (
    "title", "agency", "region", "department", "level", "year", "published_on", "document_number", "kind", "heading",
    "text", "sections", "occurrences", "source_url", "same_as",
)  # fmt: skip
_PREFIX: Final = "export_"
SIDECAR: Final = ".meta.json"
#: A list of differences is to be read; the counts are exact beyond it.
LISTED: Final = 20


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What a file says of itself, for each query, and its rows, facts left out of them."""

    about: tuple[dict[str, Any], ...]
    rows: list[dict[str, Value]]


@dataclass(frozen=True, slots=True)
class Exported:
    """An export that was read: what it says of itself, and a digest of each compared value of each row, by the row's id."""

    facts: Facts
    rows: dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs between an export and the same one made now. ``changed`` names the columns of each changed row."""

    facts: tuple[tuple[str, str, str], ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[tuple[str, tuple[str, ...]], ...]
    same: int

    @property
    def none(self) -> bool:
        """Whether the rows are the same."""
        return not (self.added or self.removed or self.changed)


def read_file(path: Path) -> ReadFile:
    """Return what a saved export or table in CSV, XLSX or JSONL holds. Raises QueryRejected for a file that can't be read."""
    try:
        body = path.read_bytes()
    except OSError as error:
        raise QueryRejected(
            zh=f"无法读取 {path}：{error.strerror or error}；请检查路径",
            en=f"{path} can't be read: {error.strerror or error}; check the path",
        ) from error
    if body[:2] == b"PK":
        return _from_xlsx(body)
    if body.lstrip()[:1] == b"{":
        return _from_jsonl(body)
    return _from_csv(body, path.with_name(path.name + SIDECAR))


def export_of(file: ReadFile) -> Exported:
    """Return the export of hits that a file holds. Raises QueryRejected where it holds none."""
    facts = facts_from(file.about[0] if file.about else {})
    return Exported(facts, digests(file.rows, facts.unit))


def digests(rows: Iterable[dict[str, Value]], unit: Unit) -> dict[str, dict[str, str]]:
    """Return what ``compare`` needs of rows: id -> column -> digest. Rows of one text in parts are joined."""
    found: dict[str, dict[str, str]] = {}
    parts: dict[str, str] = {}
    for row in rows:
        identity = str(row.get(f"{unit}_id") or "")
        if not identity:
            continue
        if (_number(row.get("parts")) or 1) > 1:
            parts[identity] = parts.get(identity, "") + str(row.get("text") or "")
            row = row | {"text": parts[identity]}  # noqa: PLW2901 - the row with the text so far
        found[identity] = {name: digest64(same_text(row[name])) for name in _COMPARED if name in row}
    return found


def compare(old: Exported, facts: Facts, rows: dict[str, dict[str, str]]) -> Differences:
    """Return what differs; columns that one side lacks aren't compared."""
    named = ("read_as", "sections", "reports", "rows", "corpus_id", "engine", "program")
    before, after = ({name: str(getattr(each, name)) for name in named} for each in (old.facts, facts))
    changed = []
    for identity in rows.keys() & old.rows.keys():
        was, now = old.rows[identity], rows[identity]
        columns = tuple(name for name in _COMPARED if name in was and name in now and was[name] != now[name])
        if columns:
            changed.append((identity, columns))
    return Differences(
        facts=tuple((name, before[name], after[name]) for name in named if before[name] != after[name]),
        added=tuple(identity for identity in rows if identity not in old.rows),
        removed=tuple(identity for identity in old.rows if identity not in rows),
        changed=tuple(sorted(changed)),
        same=len(rows.keys() & old.rows.keys()) - len(changed),
    )


def _from_csv(body: bytes, sidecar: Path) -> ReadFile:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("gb18030", "replace")  # saved again by a Chinese Excel
    # A cell of a report may be as long as the report.
    csv.field_size_limit(1 << 30)
    lines = csv.reader(io.StringIO(text, newline=""))
    header = next(lines, [])
    about: dict[str, dict[str, Any]] = {}
    rows: list[dict[str, Value]] = []
    for line in lines:
        row = dict(zip(header, (unguarded(cell) for cell in line), strict=False))
        said = {name.removeprefix(_PREFIX): cell for name, cell in row.items() if name.startswith(_PREFIX)}
        about.setdefault(said.get("query", ""), said)
        rows.append({name: cell for name, cell in row.items() if not name.startswith(_PREFIX)})
    if not rows and sidecar.is_file():
        beside = _value_of(sidecar.read_bytes())
        return ReadFile(tuple(each for each in (beside if isinstance(beside, list) else [beside])), rows)
    return ReadFile(tuple(about.values()), rows)


def _from_jsonl(body: bytes) -> ReadFile:
    records = [_json_of(line) for line in body.split(b"\n") if line.strip()]
    return ReadFile(
        tuple(record for record in records if record.get("type") == "export"),
        [record for record in records if record.get("type") != "export"],
    )


def _json_of(line: bytes) -> dict[str, Any]:
    value = _value_of(line)
    return value if isinstance(value, dict) else {}


def _value_of(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise QueryRejected(
            zh="文件中有一行不是 JSON；请选用未改动的导出文件",
            en="a line of the file isn't JSON; take an export as it was",
        ) from error


def _from_xlsx(body: bytes) -> ReadFile:
    from openpyxl import load_workbook  # noqa: PLC0415 - not for those who never export

    try:
        book = load_workbook(io.BytesIO(body), read_only=True)
    except Exception as error:  # openpyxl raises whatever its parser met
        raise QueryRejected(
            zh="无法打开这个表格文件；请在 Excel 中另存为 XLSX 后重试",
            en="the workbook can't be opened; save it as XLSX again and retry",
        ) from error
    about: list[dict[str, Any]] = []
    rows: list[dict[str, Value]] = []
    for sheet in book.worksheets:
        lines: Iterator[tuple[Any, ...]] = sheet.iter_rows(values_only=True)
        if sheet.title == FACTS_SHEET:
            for name, value in ((str(line[0]), line[1] if len(line) > 1 else "") for line in lines if line and line[0]):
                # Each query of a table begins anew.
                if not about or name in about[-1]:
                    about.append({})
                about[-1][name] = value
            continue
        header = [str(name or "") for name in next(lines, ())]
        rows += (dict(zip(header, line, strict=False)) for line in lines)
    book.close()
    return ReadFile(tuple(about), rows)


def same_text(value: Value) -> str:
    """Return a value as a text that is the same whatever program saved it."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    # Table programs save line breaks in their own way.
    return "" if value is None else str(value).replace("\r\n", "\n").replace("_x000D_", "")


def _number(value: Value) -> int:
    return value if isinstance(value, int) else 0
