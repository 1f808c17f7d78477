"""Lists of the reports that are expected, read from CSV or XLSX, and kept below the home folder for the page."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from corpus.encoding import decode
from corpus.errors import UnreadableFile
from corpus.folding import fold
from corpus.model import digest64
from indexer.errors import QueryRejected

FIRST_YEAR, LAST_YEAR = 1949, 2100
#: Of a file; of the lines of a list; of lists kept, the newest.
LARGEST: Final = 4 * 1024 * 1024
_MOST_LINES: Final = 200_000
_KEPT: Final = 20
_LARGEST_PART: Final = 64 * 1024 * 1024
_AGENCY_HEADS: Final = ("agency", "机关", "机构", "单位", "部门", "机关名称", "单位名称")
_YEAR_HEADS: Final = ("year", "年度", "年份", "报告年度", "年")
_DELIMITERS: Final = ",\t;，"
_FOLDER: Final = "expected"
_NAME: Final = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Expected:
    """What should be there: an agency, and a year (None: every year of the table)."""

    agency: str
    year: int | None


def read_expected(text: str) -> list[Expected]:
    """Return the lines of a CSV with a column for the agency and (optionally) one for the year: 2019 or 2008..2024.

    Raises QueryRejected where there is no such column or a year can't be read.
    """
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    csv.field_size_limit(1 << 20)
    try:
        return _expected(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise QueryRejected(
            zh=f"应报清单不是完整的 CSV：{error}；请在 Excel 中另存为 CSV 或 XLSX 后重试",
            en=f"the list is no proper CSV: {error}; save it as CSV or XLSX in a table program and retry",
        ) from error


def read_expected_file(body: bytes) -> list[Expected]:
    """Return the lines of a list in CSV of any Chinese encoding, or of the first sheet of an XLSX. Raises QueryRejected."""
    if len(body) > LARGEST:
        raise too_large()
    if not body.strip():
        raise QueryRejected(
            zh="没有收到应报清单，或文件是空的；请选择 CSV 或 XLSX 文件",
            en="there is no list, or the file is empty; choose a CSV or XLSX file",
        )
    if body[:2] != b"PK" and body[:4] != b"\xd0\xcf\x11\xe0":
        return read_expected(decode(body).text)
    from openpyxl import load_workbook  # noqa: PLC0415 - takes long to load, and few want it

    from corpus.package import ZIP_ERRORS, open_package  # noqa: PLC0415

    try:
        with open_package(body) as package:
            for name in package.names():
                if name.lower().endswith((".xml", ".rels")):
                    package.check(name, _LARGEST_PART)
        book = load_workbook(io.BytesIO(body), read_only=True, keep_links=False)
        try:
            rows = book.worksheets[0].iter_rows(values_only=True)
            return _expected([_cell(value) for value in row] for row in rows)
        finally:
            book.close()
    except UnreadableFile as error:
        raise QueryRejected(zh=f"应报清单无法打开：{error.zh}", en=f"the list can't be opened: {error.en}") from error
    except (*ZIP_ERRORS, KeyError, TypeError, AttributeError, IndexError, SyntaxError) as error:
        raise QueryRejected(
            zh="应报清单无法打开，不是完好的 XLSX；请在 Excel 或 WPS 中另存后重试",
            en="the list can't be opened: it is no sound XLSX; save it anew in Excel or WPS and retry",
        ) from error


def too_large() -> QueryRejected:
    """Return the error for a list that is larger than any list of agencies."""
    return QueryRejected(
        zh=f"应报清单超过 {LARGEST >> 20} MB；请只留“机关”“年度”两列",
        en=f"the list is over {LARGEST >> 20} MB; keep only the columns agency and year",
    )


class ExpectedLists:
    """The lists that the page was given, each under the hash of what it says; the last twenty are kept."""

    def __init__(self, home: Path) -> None:
        self._folder = home / _FOLDER

    def keep(self, lines: Sequence[Expected]) -> str:
        """Keep a list; return its name. Raises QueryRejected where the folder can't be written."""
        text = json.dumps([[line.agency, line.year] for line in lines], ensure_ascii=False)
        name = digest64(text)
        path = self._folder / f"{name}.json"
        aside = path.with_suffix(f".{os.getpid()}.part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            aside.write_text(text, "utf-8")
            aside.replace(path)
            by_age = sorted(self._folder.glob("*.json"), key=lambda each: each.stat().st_mtime, reverse=True)
            for old in by_age[_KEPT:]:
                old.unlink(missing_ok=True)
        except OSError as error:
            raise QueryRejected(
                zh=f"无法保存应报清单到 {self._folder}：{error.strerror or error}；请检查权限和磁盘空间",
                en=f"the list can't be kept in {self._folder}: {error.strerror or error}; check permissions and disk space",
            ) from error
        return name

    def named(self, name: str) -> list[Expected]:
        """Return a list that was kept. Raises QueryRejected for one that isn't here any more."""
        try:
            if not _NAME.fullmatch(name):
                raise FileNotFoundError(name)
            rows = json.loads((self._folder / f"{name}.json").read_text("utf-8"))
            return [Expected(str(agency), None if year is None else int(year)) for agency, year in rows]
        except (OSError, ValueError, TypeError) as error:
            raise QueryRejected(
                zh="这份应报清单已不在本机；请在覆盖表页重新上传",
                en="this list of expected reports is no longer here; send it again on the page 覆盖表 (coverage)",
            ) from error


def _expected(rows: Iterable[Sequence[str]]) -> list[Expected]:
    lines = iter(rows)
    heads = [fold(head) for head in next(lines, ())]
    agency_at = next((at for at, head in enumerate(heads) if head in _AGENCY_HEADS), None)
    year_at = next((at for at, head in enumerate(heads) if head in _YEAR_HEADS), None)
    if agency_at is None:
        raise QueryRejected(
            zh="应报清单的第一行须有列名“机关”（或 agency），可另有“年度”（或 year）；请改正后重试",
            en="the first line of the list must name a column agency (机关), and may name one year (年度); correct it",
        )
    found: list[Expected] = []
    for number, row in enumerate(islice(lines, _MOST_LINES + 1), 2):
        agency = row[agency_at].strip() if agency_at < len(row) else ""
        if agency:
            said = row[year_at].strip() if year_at is not None and year_at < len(row) else ""
            found += [Expected(agency, year) for year in _said_years(said, number)]
        if number > _MOST_LINES or len(found) > _MOST_LINES:
            raise QueryRejected(
                zh=f"应报清单超过 {_MOST_LINES} 行；请拆分后分别核对",
                en=f"the list has more than {_MOST_LINES} lines; check it in parts",
            )
    if not found:
        raise QueryRejected(zh="应报清单中没有机关", en="the list names no agency")
    return list(_once(found))


def _once(lines: Iterable[Expected]) -> Iterator[Expected]:
    return iter(dict.fromkeys(lines))


def _cell(value: object) -> str:
    if value is None:
        return ""
    # A year in a cell of numbers may come as 2019.0.
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _said_years(said: str, number: int) -> list[int | None]:
    if not said:
        return [None]
    found = re.fullmatch(r"(\d{4})(?:年度?)?(?:(?:\.\.|-|—|~|至)(\d{4})(?:年度?)?)?", fold(said))
    if not found:
        raise QueryRejected(
            zh=f"应报清单第 {number} 行的年度“{said[:40]}”无法理解；请写 2019 或 2008..2024",
            en=f"line {number} of the list has a year that can't be read: {said[:40]}; write 2019 or 2008..2024",
        )
    low, high = sorted((int(found[1]), int(found[2] or found[1])))
    if low < FIRST_YEAR or high > LAST_YEAR:
        raise QueryRejected(
            zh=f"应报清单第 {number} 行的年度“{said}”须在 {FIRST_YEAR} 到 {LAST_YEAR} 之间",
            en=f"line {number} of the list has a year outside {FIRST_YEAR} to {LAST_YEAR}: {said}",
        )
    return list(range(low, high + 1))
