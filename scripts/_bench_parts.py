"""What raw tantivy writes: documents, and segments that are put into one index."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any


def schema() -> Any:
    """Return the fields: bigrams, words, the text, and what is filtered by."""
    import tantivy  # noqa: PLC0415

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("grams", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    builder.add_bytes_field("text", stored=True, indexed=False)
    builder.add_text_field("section_id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("row", fast=True, indexed=False)
    for name in ("kind", "region"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    return builder.build()


def document(
    row: int, section_id: str, kind: str, body: bytes, grams: str, words: str, regions: tuple[str, ...]
) -> Any:
    """Return a section as tantivy takes it in."""
    import tantivy  # noqa: PLC0415

    document = tantivy.Document()
    document.add_text("grams", grams)
    document.add_text("words", words)
    document.add_bytes("text", body)
    document.add_text("section_id", section_id)
    document.add_unsigned("row", row)
    document.add_text("kind", kind)
    for code in regions:
        document.add_text("region", code)
    return document


def finish(writer: Any) -> None:
    """Commit, and wait for what is merged."""
    writer.commit()
    writer.wait_merging_threads()


def join(index: Path) -> None:
    """Make one index of the parts: a segment is a set of files that meta.json names."""
    joined: dict[str, Any] = {}
    managed: list[str] = []
    for part in sorted(index.glob("part-*"), key=lambda path: int(path.name[5:])):
        meta = json.loads((part / "meta.json").read_text("utf-8"))
        if len(meta["segments"]) != 1:
            raise RuntimeError(f"a part has {len(meta['segments'])} segments: give its writer more memory")
        joined = {**meta, "segments": joined.get("segments", []) + meta["segments"]}
        for path in part.iterdir():
            if path.name.startswith(meta["segments"][0]["segment_id"].replace("-", "")):
                path.rename(index / path.name)
                managed.append(path.name)
        shutil.rmtree(part)
    (index / "meta.json").write_text(json.dumps(joined), "utf-8")
    (index / ".managed.json").write_text(json.dumps([*managed, "meta.json"]), "utf-8")
