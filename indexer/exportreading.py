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
SIDECAR: Final = ".meta.json"
#: A list of differences is to be read; the counts are exact beyond it.
LISTED: Final = 20


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


def read_export(path: Path) -> Exported:
    """Return an export in CSV, XLSX or JSONL. Raises QueryRejected for any other file."""
    try:
        body = path.read_bytes()
    except OSError as error:
        raise QueryRejected(
            zh=f"无法读取 {path}：{error.strerror or error}；请检查路径",
            en=f"{path} can't be read: {error.strerror or error}; check the path",
        ) from error
    if body[:2] == b"PK":
        facts, rows = _from_xlsx(body)
    elif body.lstrip()[:1] == b"{":
        facts, rows = _from_jsonl(body)
    else:
        facts, rows = _from_csv(body, path.with_name(path.name + SIDECAR))
    return Exported(facts, digests(rows, facts.unit))


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
        found[identity] = {name: digest64(_as_text(row[name])) for name in _COMPARED if name in row}
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


def _from_csv(body: bytes, sidecar: Path) -> tuple[Facts, list[dict[str, Value]]]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("gb18030", "replace")  # saved again by a Chinese Excel
    # A cell of a report may be as long as the report.
    csv.field_size_limit(1 << 30)
    lines = csv.reader(io.StringIO(text, newline=""))
    header = next(lines, [])
    rows = [dict(zip(header, (unguarded(cell) for cell in line), strict=False)) for line in lines]
    if rows:
        prefix = "export_"
        said = {name.removeprefix(prefix): cell for name, cell in rows[0].items() if name.startswith(prefix)}
    else:
        said = _json_of(sidecar.read_bytes()) if sidecar.is_file() else {}
    return facts_from(said), list(rows)  # type: ignore[arg-type]  # every str is a Value


def _from_jsonl(body: bytes) -> tuple[Facts, list[dict[str, Value]]]:
    records = [_json_of(line) for line in body.split(b"\n") if line.strip()]
    return facts_from(records[0]), records[1:]


def _json_of(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError as error:
        raise QueryRejected(
            zh="文件中有一行不是 JSON；请选用未改动的导出文件",
            en="a line of the file isn't JSON; take an export as it was",
        ) from error
    return value if isinstance(value, dict) else {}


def _from_xlsx(body: bytes) -> tuple[Facts, list[dict[str, Value]]]:
    from openpyxl import load_workbook  # noqa: PLC0415 - not for those who never export

    try:
        book = load_workbook(io.BytesIO(body), read_only=True)
    except Exception as error:  # openpyxl raises whatever its parser met
        raise QueryRejected(
            zh="无法打开这个表格文件；请在 Excel 中另存为 XLSX 后重试",
            en="the workbook can't be opened; save it as XLSX again and retry",
        ) from error
    said: dict[str, Any] = {}
    rows: list[dict[str, Value]] = []
    for sheet in book.worksheets:
        lines: Iterator[tuple[Any, ...]] = sheet.iter_rows(values_only=True)
        if sheet.title == FACTS_SHEET:
            said = {str(line[0]): line[1] if len(line) > 1 else "" for line in lines if line}
            continue
        header = [str(name or "") for name in next(lines, ())]
        rows += (dict(zip(header, line, strict=False)) for line in lines)
    book.close()
    return facts_from(said), rows


def _as_text(value: Value) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    # Table programs save line breaks in their own way.
    return "" if value is None else str(value).replace("\r\n", "\n").replace("_x000D_", "")


def _number(value: Value) -> int:
    return value if isinstance(value, int) else 0
