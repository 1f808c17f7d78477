"""Results and reports as JSON, in the form that the design fixes for the command line."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from corpus.model import Report, Section
from indexer.exporting import filter_texts
from indexer.results import Facet, Hit, SearchResults


def results_json(results: SearchResults) -> dict[str, object]:
    """Return SearchResults as JSON values."""
    return {
        "query": results.request.query,
        "read_as": results.read_as,
        "notes": list(results.notes),
        "match": results.match,
        "scope": results.request.scope,
        "unit": "section",
        "filters": list(filter_texts(results.request.filters)),
        "copies": results.request.copies,
        "copies_left_out": results.copies,
        "same": results.request.same,
        "rungs": dict(results.rungs),
        "sections": results.sections,
        "reports": results.reports,
        "lines": results.lines,
        "took_ms": results.took_ms,
        "generation": results.generation,
        "corpus_id": results.corpus_id,
        "next_cursor": results.next_cursor,
        "hits": [_hit(hit) for hit in results.hits],
        "facets": {facet.field: _facet(facet) for facet in results.facets},
    }


def dated() -> dict[str, object]:
    """Return when an answer is given, as exports say it."""
    return {"date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}


def report_json(report: Report) -> dict[str, object]:
    """Return a Report with its sections as JSON values."""
    return {
        "report_id": report.report_id,
        "title": report.title,
        "doctype": report.doctype,
        "template": report.template,
        "agency": report.agency,
        "region": report.region,
        "region_now": report.region_now,
        "department": report.department,
        "level": report.level,
        "year": report.year,
        "published_on": report.published_on,
        "document_number": report.document_number,
        "source_url": report.source_url,
        "same_as": report.same_as,
        "sources": list(report.sources),
        "provenance": dict(report.provenance),
        "corrections": [asdict(correction) for correction in report.corrections],
        "sections": [_section(section) for section in report.sections],
    }


def _hit(hit: Hit) -> dict[str, object]:
    return {
        "report_id": hit.report_id,
        "section_id": hit.section_id,
        "paragraph_id": hit.paragraph_id,
        "ordinal": hit.ordinal,
        "title": hit.title,
        "agency": hit.agency,
        "region": hit.region,
        "year": hit.year,
        "kind": hit.kind,
        "form": hit.form,
        "heading_path": list(hit.heading_path),
        "published_on": hit.published_on,
        "source_url": hit.source_url,
        "same_as": hit.same_as,
        "corrected": list(hit.corrected),
        "wording": hit.wording,
        "same": hit.same,
        "score": hit.score,
        "snippet": {"text": hit.snippet.text, "highlights": [list(span) for span in hit.snippet.highlights]},
    }


def _facet(facet: Facet) -> list[dict[str, object]]:
    return [
        {
            "value": value.value,
            "sections": value.sections,
            "reports": value.reports,
            "selected": value.selected,
            "excluded": value.excluded,
        }
        for value in facet.values
    ]


def _section(section: Section) -> dict[str, object]:
    return {
        "section_id": section.section_id,
        "ordinal": section.ordinal,
        "level": section.level,
        "form": section.form,
        "kind": section.kind,
        "heading": section.heading,
        "heading_path": list(section.heading_path),
        "text": section.text,
        **({"rows": section.grid()} if section.form == "table" else {}),
        "paragraphs": [
            {"paragraph_id": b.block_id, "form": b.form, "start": b.start, "end": b.end} for b in section.blocks
        ],
    }
