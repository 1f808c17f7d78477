"""Write the gettext catalogs of the page (webui/translations) from its tables of words (webui/labels*.py).

    python scripts/make_catalogs.py

Run it after every change of a table; tests/test_page_labels.py fails until then. A key is the msgid, its words are the
msgstr, so a catalog can be given to a translator, and a third language be added beside the two.
"""

from __future__ import annotations

from datetime import UTC, datetime

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import write_po

from webui.labels import LABELS
from webui.localize import TRANSLATIONS
from webui.state import LANGS

#: Catalogs bear no time of their own: equal words, equal files.
_NEVER = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    """Write a catalog for each language, as text and compiled."""
    for column, lang in enumerate(LANGS):
        catalog = Catalog(
            locale=lang, project="Chadang", version="1", header_comment="# Made by scripts/make_catalogs.py.",
            copyright_holder="Chadang", msgid_bugs_address="-", last_translator="-", language_team="-",
            creation_date=_NEVER, revision_date=_NEVER, fuzzy=False,
        )  # fmt: skip
        for key in sorted(LABELS):
            catalog.add(key, LABELS[key][column])
        folder = TRANSLATIONS / lang / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "messages.po").open("wb") as file:
            write_po(file, catalog, width=0)
        with (folder / "messages.mo").open("wb") as file:
            write_mo(file, catalog)
        print(f"{lang}: {len(LABELS)}")


if __name__ == "__main__":
    main()
