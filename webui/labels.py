"""Every string of the page, by key, in both languages; codes of facets by their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from corpus.regions import full_name, region_name
from indexer.fields import note_words
from webui.labels_analysis import ANALYSIS_LABELS
from webui.labels_codes import CODE_LABELS, DEPARTMENTS
from webui.labels_compare import COMPARE_LABELS
from webui.labels_correct import CORRECT_LABELS
from webui.labels_drafting import DRAFTING_LABELS
from webui.labels_export import EXPORT_LABELS
from webui.labels_help import HELP_LABELS
from webui.labels_original import ORIGINAL_LABELS
from webui.labels_page import PAGE_LABELS
from webui.labels_saved import SAVED_LABELS
from webui.labels_search import SEARCH_LABELS
from webui.labels_wording import WORDING_LABELS

#: key -> (中文, English)
LABELS: Final[Mapping[str, tuple[str, str]]] = {
    **PAGE_LABELS,
    **CODE_LABELS,
    **HELP_LABELS,
    **EXPORT_LABELS,
    **ANALYSIS_LABELS,
    **SEARCH_LABELS,
    **COMPARE_LABELS,
    **CORRECT_LABELS,
    **SAVED_LABELS,
    **ORIGINAL_LABELS,
    **DRAFTING_LABELS,
    **WORDING_LABELS,
}


def label(key: str, lang: str) -> str:
    """Return a string of the page; an unknown key is a mistake of ours and raises KeyError."""
    zh, en = LABELS[key]
    return en if lang == "en" else zh


def value_name(field: str, value: str, lang: str) -> str:
    """Return the name of a facet's value; one that has no name is shown as it is."""
    if not value:
        return label("value.unknown", lang)
    if field == "region":
        return region_name(value)
    if field == "department":
        return department_name(value, lang)
    key = f"{field}.{value}"
    return label(key, lang) if key in LABELS else value


def filter_name(field: str, value: str, lang: str) -> str:
    """Return the name of a value where it stands alone: a region with the regions it lies in."""
    return full_name(value) if field == "region" and value else value_name(field, value, lang)


def department_name(name: str, lang: str) -> str:
    """Return the name of a department, which is Chinese in the data."""
    return DEPARTMENTS.get(name, name) if lang == "en" else name


def note_text(code: str, lang: str) -> str:
    """Return what a note on the query says; one we have no words for says that a part is plain text."""
    words = note_words(code)
    if words:
        return words[lang == "en"]
    key = f"note.{code}"
    return label(key if key in LABELS else "note.plain", lang)


def read_by(code: str, lang: str) -> str:
    """Return what read the text of a report, in words; "" where there was no choice."""
    key = f"read_by.{code}"
    return label(key, lang) if key in LABELS else code


def source_name(source: str, lang: str) -> str:
    """Return where a value of the metadata came from, in words; ``table:发布机构`` names its label too."""
    name, _, what = source.partition(":")
    key = f"source.{name.replace(' ', '_')}"
    if key not in LABELS:
        return source
    return f"{label(key, lang)} {what}".rstrip()
