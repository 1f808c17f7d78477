"""The command ``index``, apart from those that search: it loads nothing of what these need."""

from __future__ import annotations

import click

from corpus.cli import Settings, pass_settings, shown_progress
from indexer.engines import ENGINES, WHOOSH_LIMIT, has_tantivy
from indexer.results import Manifest


@click.command("index")
@click.option("--engine", default="auto", show_default=True, metavar="|".join(ENGINES), help="Engine to build.")
@click.option("--rebuild", is_flag=True, help="Build anew even if nothing changed.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that build a large index; all cores by default.")
@pass_settings
def index_command(settings: Settings, engine: str, rebuild: bool, workers: int | None) -> None:
    """Bring the index up to date with the library (更新索引)."""
    from indexer.building import update  # noqa: PLC0415 - status needn't load what builds

    manifest = update(
        settings.home,
        engine=engine,
        rebuild=rebuild,
        progress=shown_progress(
            settings, "索引", "indexing", then_zh="正在写入索引文件……", then_en="writing the index files ..."
        ),
        workers=workers,
    )
    zh, en = why_engine(manifest)
    settings.say(
        f"索引已是最新：{manifest.reports} 份报告，{manifest.sections} 个章节，引擎 {manifest.engine}（{zh}）",
        f"the index is up to date: {manifest.reports} reports, {manifest.sections} sections, engine {manifest.engine} ({en})",
    )
    if not manifest.reports:
        settings.warn(
            "资料库里还没有报告，什么也检索不到；请先运行 chadang load 文件夹，再运行 chadang index",
            "the library has no reports yet, so nothing can be found; run chadang load FOLDER, then chadang index again",
        )
    if manifest.engine == "whoosh" and manifest.characters > WHOOSH_LIMIT:
        settings.warn(
            f"提示：语料有 {manifest.characters:,} 字，超过 Whoosh 保持快速的范围（{WHOOSH_LIMIT:,} 字），检索会变慢",
            f"note: {manifest.characters:,} characters are more than Whoosh answers quickly ({WHOOSH_LIMIT:,})",
        )


def why_engine(manifest: Manifest) -> tuple[str, str]:
    """Return why an index has its engine, in both languages."""
    size, limit = f"{manifest.characters:,}", f"{WHOOSH_LIMIT:,}"
    if manifest.asked != "auto":
        return f"引擎由 --engine {manifest.asked} 指定", f"the engine was asked for by --engine {manifest.asked}"
    if manifest.engine == "tantivy":
        return (
            f"自动选择 tantivy：语料 {size} 字，超过 {limit} 字时它的建立和检索都快得多",
            f"tantivy was chosen by size: {size} characters; beyond about {limit} it builds and answers much faster",
        )
    if manifest.characters > WHOOSH_LIMIT and not has_tantivy():
        return (
            f"语料 {size} 字本应使用 tantivy，但这台计算机上没有安装（需要 tantivy 和 numpy 两个包）：建立索引要慢十几倍，检索也慢",
            f"tantivy would be the engine for {size} characters, but it isn't installed (packages tantivy and numpy): "
            "building takes some fifteen times as long, and searches are slower",
        )
    return (
        f"自动选择 Whoosh：语料 {size} 字，不超过 {limit} 字时它足够快",
        f"Whoosh was chosen by size: {size} characters; up to about {limit} it is fast enough",
    )
