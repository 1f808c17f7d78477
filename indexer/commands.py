"""Commands that read the index: search, show, status."""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

from corpus.cli import Settings, pass_settings, print_json
from corpus.corrections import FIELDS, shown_value
from corpus.doubts import DOUBTS
from corpus.library import Library, Source
from corpus.model import digest_mapping
from corpus.regions import full_name, is_region, region_named
from indexer.errors import IndexerError, QueryRejected, SearchTimeout
from indexer.fields import CODES, FIELD_OF_NAME, code_named, note_words
from indexer.generation import check_files, usable_generation
from indexer.indexcommand import why_engine
from indexer.jsonform import dated, report_json, results_json
from indexer.query import MATCHES, SCOPES
from indexer.results import COPIES, FACETS, SAMES, SORTS, Filter, Hit, Limits, Manifest, SearchRequest, SearchResults
from indexer.segment import segmenter_of
from indexer.service import open_searcher
from indexer.wordingjoined import check_joined

_RUNG_NAMES = {"exact": ("精确", "exact"), "words": ("分词", "words"), "most": ("部分匹配", "partial")}
_FILTER = re.compile(r"([a-z]+|[一-鿿]+)(!?=)(.*)", re.DOTALL)


@click.command("search", context_settings={"ignore_unknown_options": True})  # so that `search -公开` is a query
@click.argument("query")
@click.option("--match", type=click.Choice(MATCHES), default="auto", show_default=True, help="Rung of the ladder.")
@click.option("--scope", type=click.Choice(SCOPES), default="section", show_default=True, help="What AND/NOT look at.")
@click.option("--filter", "filters", multiple=True, metavar="FIELD=VALUE", help="Also FIELD!=VALUE, year=2010..2015.")
@click.option("--sort", type=click.Choice(SORTS), default="relevance", show_default=True)
@click.option("--page", type=click.IntRange(1), default=1, show_default=True)
@click.option("--size", type=click.IntRange(1, Limits().page_size), default=10, show_default=True)
@click.option("--cursor", default="", help="Go on from next_cursor of an earlier answer.")
@click.option(
    "--copies", type=click.Choice(COPIES), default="once", show_default=True, help="Count copies once, or all."
)
@click.option(
    "--same",
    type=click.Choice(SAMES),
    help="Fold sections of the same wording, or all; by default fold, all with --json.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 3_600),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="How long the search may take (the page waits 1.5 s).",
)
@click.option("--json", "as_json", is_flag=True, help="Print SearchResults as JSON.")
@pass_settings
def search_command(
    settings: Settings,
    query: str,
    match: str,
    scope: str,
    filters: tuple[str, ...],
    sort: str,
    page: int,
    size: int,
    cursor: str,
    copies: str,
    same: str | None,
    timeout: float,
    as_json: bool,
) -> None:
    """Search the index (检索). Put the query in quotes for your shell."""
    try:
        chosen = parse_filters(filters)
    except QueryRejected as error:
        raise click.UsageError(error.text(settings.lang)) from error
    request = SearchRequest(
        query=query,
        match=next(m for m in MATCHES if m == match),
        scope=next(s for s in SCOPES if s == scope),
        filters=chosen,
        sort=next(s for s in SORTS if s == sort),
        page=page,
        size=size,
        cursor=cursor,
        copies=next(c for c in COPIES if c == copies),
        same=next((s for s in SAMES if s == same), "all" if as_json else "fold"),
    )
    searcher = open_searcher(settings.home, Limits(seconds=timeout))
    try:
        results = searcher.search(request)
    except SearchTimeout as error:
        raise SearchTimeout(
            zh=f"{error.zh}；也可以多等一会儿：--timeout 秒数（现为 {timeout:g}）",
            en=f"{error.en}; or wait longer: --timeout SECONDS (now {timeout:g})",
        ) from error
    finally:
        searcher.close()
    if as_json:
        print_json({**results_json(results), "engine": searcher.manifest.engine, **dated()})
    else:
        _print_results(settings, results)


@click.command("show")
@click.argument("report_id")
@click.option("--json", "as_json", is_flag=True, help="Print the Report as JSON.")
@pass_settings
def show_command(settings: Settings, report_id: str, as_json: bool) -> None:
    """Show one report with its outline (显示一份报告)."""
    searcher = open_searcher(settings.home)
    try:
        report = searcher.read(report_id).report
    finally:
        searcher.close()
    if as_json:
        print_json(report_json(report))
        return
    facts = (report.agency, full_name(report.region, report.year), str(report.year or ""), report.published_on)
    click.echo(report.title)
    for each in report.corrections:
        was, value = (shown_value(each.field, code) for code in (each.parsed, each.value))
        settings.say(
            f"  更正 {FIELDS[each.field]}：{was} → {value}（{each.by}，{each.at[:10]}）{each.why}",
            f"  corrected {each.field}: {was} -> {value} ({each.by}, {each.at[:10]}) {each.why}",
        )
    if report.same_as:
        settings.say(
            f"  与 {report.same_as} 为同一报告，检索时只计那一份",
            f"  the same as {report.same_as}, which searches count",
        )
    click.echo("  " + " · ".join(fact for fact in (*facts, report.document_number, report.source_url) if fact))
    for section in report.sections:
        indent = "  " * max(section.level, 1)
        kind = CODES["kind"][section.kind][settings.lang == "en"]
        click.echo(f"\n{indent}[{section.ordinal}] {section.heading or '(表格 / table)'}  ({kind})")
        for block in section.blocks:
            if block.form != "heading":
                click.echo(f"{indent}{section.block_text(block)}")


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print the status as JSON.")
@click.option("--verify", is_flag=True, help="Read all files of the index and compare their checksums.")
@pass_settings
def status_command(settings: Settings, as_json: bool, verify: bool) -> None:
    """Show library, index, what is stale and what failed to load (状态)."""
    if not settings.library_path.exists():
        settings.warn(
            f"{settings.home} 里还没有资料库；请检查 --home，或先运行 chadang load 文件夹",
            f"there is no library in {settings.home}; check --home, or run chadang load FOLDER first",
        )
        raise SystemExit(1)
    with Library(settings.library_path) as library:
        counts = library.counts()
        failures = [
            {"source": s.source, "path": s.path, "reason": s.reason_en if settings.lang == "en" else s.reason_zh}
            for s in library.failures()
        ]
        doubtful = [_doubt(settings, source) for source in library.doubtful()]
        missing = [{"source": s.source, "path": s.path, "report_id": s.report_id} for s in library.missing()]
        corpus_id = library.corpus_id()
        library_state = digest_mapping(library.states())
        gone = [{"url": s.url, "gone_at": s.gone_at, "report_id": s.report_id} for s in library.gone()]
    manifest, problem = _index_state(settings, verify)
    stale = manifest is None or manifest.library_state != library_state
    if as_json:
        index = None
        if manifest:
            names = ("generation", "engine", "asked", "corpus_id", "built_at", "sections", "reports", "characters")
            why = why_engine(manifest)[settings.lang == "en"]
            index = {name: getattr(manifest, name) for name in names} | {"engine_why": why, "stale": stale}
        print_json(
            {
                "home": str(settings.home),
                "library": {**counts, "corpus_id": corpus_id},
                "index": index,
                "index_problem": problem,
                "failed": failures,
                "missing": missing,
                "doubtful": doubtful,
                "gone": gone,
            }
        )
        return
    _print_status(settings, counts, manifest, problem, stale)
    _print_list(settings, "未能读取", "unreadable", [f"{f['source']}：{f['reason']}" for f in failures])
    _print_list(
        settings, "读出但请核对", "read, but to be checked", [f"{d['source']}：{d['doubts']}" for d in doubtful]
    )
    _print_list(
        settings,
        "原网页已撤下（报告仍保留）",
        "pages that are no longer on their site (the reports stay)",
        [f"{g['url']}  {g['gone_at'][:10]}" for g in gone],
    )
    _print_list(
        settings,
        "文件已不在（chadang load --remove-missing 可移除）",
        "files gone (chadang load --remove-missing forgets them)",
        [m["path"] for m in missing],
    )


def _doubt(settings: Settings, source: Source) -> dict[str, object]:
    """Return what to look at in a source: the words of its doubts, and how much of the page its text is."""
    words = [DOUBTS.get(code, (code, code))[settings.lang == "en"] for code in source.doubts]
    share = min(1.0, round(source.kept / source.raw_size, 3)) if source.raw_size else None
    said = ("; " if settings.lang == "en" else "；").join(words)
    return {
        "source": source.source,
        "report_id": source.report_id,
        "codes": list(source.doubts),
        "doubts": said,
        "kept": share,
    }


def parse_filters(texts: Iterable[str]) -> tuple[Filter, ...]:
    """Return the filters written as field=value, field!=value or year=2010..2015; values of a field are OR-ed.

    Fields and values may be codes or names in either language (地区=山东省). Raises QueryRejected.
    """
    values: dict[tuple[str, bool], list[str]] = {}
    ranges: list[Filter] = []
    for text in texts:
        found = _FILTER.fullmatch(text)
        field = FIELD_OF_NAME.get(found[1], found[1]) if found else ""
        if found is None or field not in FACETS:
            known = " ".join(FACETS)
            raise QueryRejected(
                zh=f"无法理解筛选 {text}；写法为 字段=值、字段!=值 或 year=2010..2015，字段可为 {known} 或其中文名",
                en=f"can't read the filter {text}; write field=value, field!=value or year=2010..2015 with {known}",
            )
        exclude, value = found[2] == "!=", found[3]
        years = re.fullmatch(r"(\d{4})?\.\.(\d{4})?", value)
        if field == "year" and years:
            low, high = (int(year) if year else None for year in years.groups())
            if low and high and low > high:
                low, high = high, low
            ranges.append(Filter("year", exclude=exclude, low=low, high=high))
        else:
            values.setdefault((field, exclude), []).append(_filter_value(field, value))
    named = (Filter(field, tuple(dict.fromkeys(v)), exclude) for (field, exclude), v in values.items())
    return (*named, *ranges)


def _filter_value(field: str, value: str) -> str:
    """Return the code that a filter's value means; "" is what isn't known. Raises QueryRejected."""
    codes = CODES.get(field)
    if codes is not None and value:
        code = code_named(field, value)
        known = " ".join(f"{code}({names[0]})" for code, names in codes.items())
    elif field == "region" and value:
        code = value if is_region(value) else region_named(value)
        known = "370000 山东省 …"
    elif field == "year" and value:
        year = value.removesuffix("年").removesuffix("年度")
        code = year if re.fullmatch(r"\d{4}", year) else None
        known = "2010, 2010..2015"
    else:
        return value
    if not code:
        raise QueryRejected(
            zh=f"筛选 {field} 没有取值 {value}；可用：{known}",
            en=f"the filter {field} has no value {value}; use {known}",
        )
    return code


def say_notes(settings: Settings, notes: Iterable[str]) -> None:
    """Say what there is to note on a query."""
    for note in notes:
        zh, en = note_words(note) or (note, note)
        settings.say(f"注意：{zh}", f"note: {en}")


def _print_results(settings: Settings, results: SearchResults) -> None:
    english = settings.lang == "en"
    rung = _RUNG_NAMES[results.match][english]
    others = " · ".join(f"{_RUNG_NAMES[name][english]} {count}" for name, count in results.rungs)
    settings.say(
        f"命中章节 {results.sections} · 命中报告 {results.reports} · {rung} · {results.took_ms:.0f} ms",
        f"{results.sections} sections · {results.reports} reports · {rung} · {results.took_ms:.0f} ms",
    )
    settings.say(f"检索式解读：{results.read_as}", f"read as: {results.read_as}")
    if others:
        click.echo(f"  ({others})")
    if results.copies:
        settings.say(
            f"  另有 {results.copies} 个章节属于同一报告的副本或旧版，未计入（--copies all 计入）",
            f"  {results.copies} sections of copies and earlier versions aren't counted (--copies all counts them)",
        )
    first = (results.request.page - 1) * results.request.size
    for number, hit in enumerate(results.hits, first + 1):
        _print_hit(number, hit, english)
    say_notes(settings, results.notes)
    if results.sections and not results.hits:
        last = -(-results.lines // results.request.size)
        settings.say(f"没有这一页；最后一页是第 {last} 页", f"there is no such page; the last one is {last}")
    elif not results.hits:
        settings.say("没有结果。试试减少词语、去掉引号或筛选。", "no results; try fewer words, no quotes, no filters")


def _print_hit(number: int, hit: Hit, english: bool) -> None:
    kind = CODES["kind"].get(hit.kind, (hit.kind, hit.kind))[english]
    facts = " · ".join(fact for fact in (hit.agency, str(hit.year or ""), kind, hit.published_on) if fact)
    click.echo("")
    click.secho(f"{number}. {hit.title}", bold=True)
    marks = [
        f"corrected: {' '.join(hit.corrected)}" if english else f"更正：{' '.join(FIELDS[f] for f in hit.corrected)}"
    ]
    marks = marks if hit.corrected else []
    click.echo("  ".join((f"   {facts}", f"[{hit.report_id}]", *marks)))
    if hit.heading_path:
        click.echo("   " + " > ".join(hit.heading_path))
    text, end, parts = hit.snippet.text, 0, ["…" if hit.snippet.before else ""]
    for start, stop in hit.snippet.highlights:
        parts += (text[end:start], click.style(text[start:stop], fg="red", bold=True))
        end = stop
    parts += (text[end:], "…" if hit.snippet.after else "")
    click.echo("   " + "".join(parts))
    if hit.same:
        more = f"and {hit.same} more with the same wording" if english else f"另有 {hit.same} 处同样表述"
        click.echo(f"   {more} (--same all)" if english else f"   {more}（--same all 全部列出）")


def _index_state(settings: Settings, verify: bool) -> tuple[Manifest | None, str]:
    try:
        folder, manifest = usable_generation(settings.home, segmenter_of(settings.home))
        if verify:
            check_files(folder, manifest, contents=True)
            check_joined(folder)
    except IndexerError as error:
        return None, error.text(settings.lang)
    return manifest, ""


def _print_status(
    settings: Settings, counts: dict[str, int], manifest: Manifest | None, problem: str, stale: bool
) -> None:
    settings.say(
        f"资料库 {settings.library_path}：{counts['reports']} 份报告，{counts['sections']} 个章节，{counts['sources']} 个文件",
        f"library {settings.library_path}: {counts['reports']} reports, {counts['sections']} sections, "
        f"{counts['sources']} files",
    )
    settings.say(
        f"未计入的副本和旧版：{counts['copies']}；更正：{counts['corrections']}",
        f"copies and earlier versions that aren't counted: {counts['copies']}; corrections: {counts['corrections']}",
    )
    settings.say(
        f"未能确定：年度 {counts['without_year']}，机关 {counts['without_agency']}，"
        f"地区 {counts['without_region']}，所属系统 {counts['without_department']}，层级 {counts['without_level']}，"
        f"发布日期 {counts['without_date']}，发文字号 {counts['without_number']}",
        f"not known: year {counts['without_year']}, agency {counts['without_agency']}, "
        f"region {counts['without_region']}, department {counts['without_department']}, "
        f"level {counts['without_level']}, date {counts['without_date']}, number {counts['without_number']}",
    )
    if manifest is None:
        settings.say(f"索引：{problem}", f"index: {problem}")
        return
    settings.say(
        f"索引 {manifest.generation}：引擎 {manifest.engine}，{manifest.reports} 份报告，{manifest.sections} 个章节，"
        + ("与资料库不一致，请运行 chadang index" if stale else "与资料库一致"),
        f"index {manifest.generation}: engine {manifest.engine}, {manifest.reports} reports, {manifest.sections} "
        "sections, " + ("behind the library: run chadang index" if stale else "up to date"),
    )
    zh, en = why_engine(manifest)
    settings.say(f"  {zh}", f"  {en}")


def _print_list(settings: Settings, zh: str, en: str, lines: list[str]) -> None:
    if lines:
        settings.say(f"{zh}：{len(lines)}", f"{en}: {len(lines)}")
        for line in lines:
            click.echo(f"  {line}")
