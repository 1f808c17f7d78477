"""The command reuse: who else uses the sentences of a report."""

from __future__ import annotations

from typing import Final

import click

from corpus.cli import Settings, pass_settings, print_json
from indexer.reuse import REUSES, ParagraphReuse, Reuse, ReuseMap, SentenceReuse, reuse_map
from indexer.service import open_searcher
from indexer.wordings import Use

#: Reuse -> (中文, English)
REUSE_NAMES: Final[dict[Reuse, tuple[str, str]]] = {
    "boilerplate": ("套话", "boilerplate"),
    "last_year": ("沿用上年", "own, from last year"),
    "elsewhere": ("他处也用", "used elsewhere"),
    "new": ("新写", "new"),
}


@click.command("reuse")
@click.argument("report_id")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_settings
def reuse_command(settings: Settings, report_id: str, as_json: bool) -> None:
    """Which sentences of a report others use too, since when, and which are new (表述复用)."""
    searcher = open_searcher(settings.home)
    try:
        found = reuse_map(searcher, report_id, seconds=float("inf"))
    finally:
        searcher.close()
    if as_json:
        print_json(reuse_json(found))
        return
    english = settings.lang == "en"
    click.echo(found.report.title)
    click.echo(" · ".join(f"{REUSE_NAMES[reuse][english]} {found.share(reuse):.0%}" for reuse in REUSES))
    if found.previous:
        settings.say(f"上一份：{found.previous.title}", f"the one before: {found.previous.title}")
    for paragraph in found.paragraphs:
        for sentence in paragraph.sentences:
            if sentence.reuse:
                click.echo(f"[{_said(sentence, english)}] {sentence.text}")


def reuse_json(found: ReuseMap) -> dict[str, object]:
    """Return a reuse map as JSON values."""
    return {
        "report_id": found.report.report_id,
        "title": found.report.title,
        "previous": found.previous.report_id if found.previous else "",
        "shares": {reuse: round(found.share(reuse), 4) for reuse in REUSES},
        "characters": dict(found.characters),
        "paragraphs": [_paragraph(paragraph) for paragraph in found.paragraphs],
        "generation": found.generation,
        "corpus_id": found.corpus_id,
    }


def _said(sentence: SentenceReuse, english: bool) -> str:
    facts = [REUSE_NAMES[sentence.reuse][english]] if sentence.reuse else []
    if sentence.others:
        facts.append(f"{sentence.others} others" if english else f"另有 {sentence.others} 份")
    if sentence.others and sentence.first_year is not None:
        facts.append(f"earliest here {sentence.first_year}" if english else f"本库最早 {sentence.first_year} 年")
    return " · ".join(facts)


def _paragraph(paragraph: ParagraphReuse) -> dict[str, object]:
    return {
        "section_id": paragraph.section_id,
        "paragraph_id": paragraph.paragraph_id,
        "heading": paragraph.heading,
        "text": paragraph.text,
        "others": paragraph.others,
        "first": _place(paragraph.first),
        "sentences": [_sentence(sentence) for sentence in paragraph.sentences],
    }


def _sentence(sentence: SentenceReuse) -> dict[str, object]:
    return {
        "start": sentence.span[0],
        "end": sentence.span[1],
        "text": sentence.text,
        "reuse": sentence.reuse or "",
        "wording": sentence.key,
        "others": sentence.others,
        "agencies": sentence.agencies,
        "first_year": sentence.first_year,
        "earliest": sentence.earliest,
        "first": _place(sentence.first),
    }


def _place(use: Use | None) -> dict[str, object] | None:
    names = ("report_id", "section_id", "paragraph_id", "title", "agency", "year", "source_url")
    return {name: getattr(use, name) for name in names} if use else None
