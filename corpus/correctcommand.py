"""The command correct: put metadata right, one report or a whole table of corrections at a time, and undo it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from zipfile import BadZipFile

import click

from corpus.cli import Settings, pass_settings
from corpus.copies import link_copies
from corpus.correcting import Change, check_link, login_name, undo_all
from corpus.corrections import FIELDS, checked_value, field_named, shown_value
from corpus.encoding import decode
from corpus.errors import BadCorrection, LibraryError
from corpus.library import Library

#: Names of the columns of a table of corrections, in both languages.
_COLUMNS = {
    "report": (
        "report_id",
        "report",
        "报告编号",
        "报告",
        "source_url",
        "原文链接",
        "source",
        "原始文件",
        "文件名",
        "文件",
        "file",
        "网址",
        "url",
    ),
    "field": ("field", "字段"),
    "value": ("value", "值", "更正为", "新值"),
    "by": ("by", "更正人", "修改人"),
    "when": ("when", "at", "更正时间", "修改时间", "时间"),
    "why": ("why", "理由", "原因", "更正理由", "说明"),
}
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One correction as it was asked for; ``place`` says where, for messages."""

    place: str
    report: str
    field: str
    value: str
    by: str
    at: str
    why: str


@click.command("correct")
@click.argument("report", required=False)
@click.argument("changes", nargs=-1, metavar="[FIELD=VALUE]...")
@click.option(
    "--file", "path", type=click.Path(path_type=Path, dir_okay=False), help="CSV or XLSX: report, field, value."
)
@click.option("--undo", "undone", type=int, multiple=True, metavar="NUMBER", help="Undo a correction by its number.")
@click.option("--list", "listed", is_flag=True, help="List the corrections in force.")
@click.option("--by", default="", help="Who corrects (default: the name you are logged in with).")
@click.option("--why", default="", help="Why, or after what.")
@pass_settings
def correct_command(
    settings: Settings,
    report: str | None,
    changes: tuple[str, ...],
    path: Path | None,
    undone: tuple[int, ...],
    listed: bool,
    by: str,
    why: str,
) -> None:
    """Put a report's metadata right; what was parsed is kept and can be had back (更正元数据).

    REPORT is a report's id, its address or its file's name in the library; FIELD=VALUE e.g. year=2010 or 地区=山东省.
    """
    if not (listed or undone or path or (report and changes)):
        raise click.UsageError("name a REPORT and FIELD=VALUE, or --file, --undo, --list (请给出报告和 字段=值)")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    who = by or login_name()
    wanted = [_change(report or "", change, who, now, why) for change in changes]
    if path:
        wanted += _rows(settings, path, who, now, why)
    with Library(settings.library_path) as library:
        undo_all(library, undone, by=who, at=now)
        done = len(undone) + _correct(settings, library, wanted)
        if done:
            settings.say(
                f"已更正 {done} 项；运行 chadang index 更新索引",
                f"corrected {done}; run chadang index to bring the index up to date",
            )
        if listed:
            _list(settings, library)


def _change(report: str, change: str, by: str, at: str, why: str) -> _Wanted:
    field, sign, value = change.partition("=")
    if not sign:
        raise BadCorrection(
            zh=f"无法理解 {change}；写法为 字段=值，如 year=2010",
            en=f"can't read {change}; write FIELD=VALUE, e.g. year=2010",
        )
    return _Wanted(change, report, field_named(field), checked_value(field_named(field), value), by, at, why)


def _correct(settings: Settings, library: Library, wanted: list[_Wanted]) -> int:
    """Keep all corrections, or none where one is wrong."""
    found = [(each, report_named(library, each.report)) for each in wanted]
    unknown = [each for each, report_id in found if not report_id]
    if unknown:
        for each in unknown[:_SHOWN]:
            settings.warn(
                f"  {each.place}：找不到报告 {each.report}（可写报告编号、原文链接或文件名）",
                f"  {each.place}: no report {each.report} (write its id, its address or its file's name)",
            )
        raise BadCorrection(
            zh=f"有 {len(unknown)} 项找不到报告，什么都没有更正；报告编号见报告页或 chadang search --json",
            en=f"{len(unknown)} corrections name no report here, nothing was corrected; "
            "a report's id is on its page and in chadang search --json",
        )
    with library.transaction():
        for each, report_id in found:
            check_link(library, Change(report_id, each.field, each.value))
            library.correct(report_id, each.field, each.value, by=each.by, at=each.at, why=each.why)
        link_copies(library)
    for each, _ in found[:_SHOWN]:
        value = shown_value(each.field, each.value)
        settings.say(f"  {each.report}  {FIELDS[each.field]} → {value}", f"  {each.report}  {each.field} -> {value}")
    return len(found)


def report_named(library: Library, name: str) -> str:
    """Return the identity of a report by its id, its address or the name of its file; "" if there is none."""
    if library.has_report(name):
        return name
    source = library.source_named(name) or library.source_at(name)
    return source.report_id if source else library.report_at(name) or library.report_of_file(name)


def _rows(settings: Settings, path: Path, by: str, at: str, why: str) -> list[_Wanted]:
    """Return the corrections of a table; every row that is wrong is said before it is refused."""
    table = list(_table(path))
    header = [cell.strip().lower() for cell in table[0]] if table else []
    places = {
        name: next((header.index(known) for known in known_names if known in header), -1)
        for name, known_names in _COLUMNS.items()
    }
    if min(places[name] for name in ("report", "field", "value")) < 0:
        raise BadCorrection(
            zh=f"{path.name} 缺少列；第一行要有 报告编号、字段、值（可加 更正人、更正时间、理由）",
            en=f"{path.name} lacks columns; its first row must have report_id, field, value (and may have by, when, why)",
        )
    wanted = []
    wrong = []
    for number, row in enumerate(table[1:], 2):
        cell = {name: row[at_].strip() if 0 <= at_ < len(row) else "" for name, at_ in places.items()}
        if not any(cell.values()):
            continue
        try:
            field = field_named(cell["field"])
            value = checked_value(field, cell["value"])
        except BadCorrection as error:
            wrong.append(
                BadCorrection(zh=f"{path.name} 第 {number} 行：{error.zh}", en=f"{path.name} row {number}: {error.en}")
            )
            continue
        place = f"{path.name}:{number}"
        wanted.append(
            _Wanted(place, cell["report"], field, value, cell["by"] or by, cell["when"] or at, cell["why"] or why)
        )
    if len(wrong) == 1:
        raise wrong[0]
    if wrong:
        for each in wrong[:_SHOWN]:
            settings.warn(f"  {each.zh}", f"  {each.en}")
        raise BadCorrection(
            zh=f"{path.name} 有 {len(wrong)} 行有误，什么都没有更正；请改正后重试",
            en=f"{len(wrong)} rows of {path.name} are wrong, nothing was corrected; put them right and try again",
        )
    return wanted


def _table(path: Path) -> Iterator[list[str]]:
    try:
        if path.suffix.lower() == ".xlsx":
            from openpyxl import load_workbook  # noqa: PLC0415 - only where it is needed

            sheet = load_workbook(path, read_only=True, data_only=True).worksheets[0]
            for row in sheet.iter_rows(values_only=True):
                yield ["" if cell is None else _printed(cell) for cell in row]
        else:
            yield from csv.reader(StringIO(decode(path.read_bytes()).text, newline=""))
    except (OSError, ValueError, KeyError, IndexError, BadZipFile, csv.Error) as error:
        raise LibraryError(zh=f"无法读取 {path}：{error}", en=f"can't read {path}: {error}") from error


def _printed(cell: object) -> str:
    """Return a cell as it is shown: a day without its midnight, a whole number without its point."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _list(settings: Settings, library: Library) -> None:
    for report_id in library.corrected_reports():
        report = next(library.reports([report_id]), None)
        click.echo(f"{report_id}  {report.title if report else '-'}")
        parsed = {c.correction_id: c.parsed for c in report.corrections} if report else {}
        for each in library.corrections(report_id):
            name = each.field if settings.lang == "en" else FIELDS[each.field]
            was = shown_value(each.field, parsed.get(each.correction_id, ""))
            value = shown_value(each.field, each.value)
            why = f"  {each.why}" if each.why else ""
            click.echo(f"  #{each.correction_id}  {name}：{was} → {value}  {each.by} {each.at[:10]}{why}")
