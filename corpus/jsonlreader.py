"""JSON lines, or a JSON list of objects -> one Member per object. A broken line is a failure; the rest goes on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from corpus.errors import UnreadableFile
from corpus.linereader import Lines, open_lines
from corpus.mapping import document_of, fields_of, has_text, name_of, no_text_column
from corpus.member import LARGEST_RECORD, Columns, Member
from corpus.names import unique_names

#: So many objects without a column of text, and it is taken for a file of something else.
_PATIENCE: Final = 50
#: So many first lines that are no objects make a file of another kind.
_BROKEN: Final = 10
_CHUNK: Final = 1 << 18
_BETWEEN: Final = re.compile(r"[^\s,]")


def read_jsonl(path: Path, columns: Columns) -> Iterator[Member]:
    """Yield a Member for each object of a file of JSON lines, of a file that is one JSON list of objects or one object.

    An object is named by its id or address, else by the number of its line (from 1), or of its place in the list.
    Raises UnreadableFile where none of the first objects holds a column of text.
    """
    with open_lines(path) as lines, unique_names() as names:
        for member in _members(lines, columns):
            yield replace(member, name=names.free(member.name))


def _members(lines: Lines, columns: Columns) -> Iterator[Member]:
    """Yield the members; those without a column of text wait until one is seen that has it."""
    held: list[Member] = []
    seen: dict[str, None] = {}
    found = False
    broken: list[Member] = []  # the first lines while none of them was an object
    for number, value in _values(lines):
        member, textless = _member(value, columns, str(number))
        if not found and not held and not textless and isinstance(member.content, UnreadableFile):
            broken.append(member)
            if len(broken) == _BROKEN:
                raise _no_lines()
            continue
        yield from broken
        broken.clear()
        if textless and not found:
            held.append(member)
            seen.update(dict.fromkeys(textless))
            if len(held) == _PATIENCE:
                raise no_text_column(seen)
            continue
        if not isinstance(member.content, UnreadableFile):
            found = True
            yield from held
            held.clear()
        yield member
    if held:
        raise no_text_column(seen)
    if broken and not found:
        raise _no_lines()
    yield from broken


def _member(value: object, columns: Columns, number: str) -> tuple[Member, list[str]]:
    """Return the Member of a JSON value, and its keys if none of them holds text."""
    if isinstance(value, UnreadableFile):
        return Member(f"line {number}", value), []
    if not isinstance(value, Mapping):
        return Member(f"line {number}", _no_object()), []
    keys = [str(key) for key in value]
    fields = fields_of(keys, columns)
    texts = [_text(each) for each in value.values()]
    values = {field: texts[place] for place, field in fields.items()}
    name = name_of(values, (), number)
    if not has_text(fields.values()):
        return Member(name, no_text_column(keys)), keys or ["{}"]
    try:
        document = document_of(values)
    except UnreadableFile as error:
        return Member(name, error), []
    damaged = ("broken_bytes",) if any("\ufffd" in text for text in values.values()) else ()
    return Member(name, replace(document, doubts=tuple(dict.fromkeys(document.doubts + damaged)))), []


def _text(value: object) -> str:
    """Return a JSON value as text: a list of strings is a list of paragraphs; an object holds none."""
    if value is None or isinstance(value, (dict, bool)):
        return ""
    if isinstance(value, list):
        return "\n".join(str(each) for each in value if isinstance(each, str))
    # A lone surrogate (\ud800) is no character; nothing that stores text takes it.
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _values(lines: Lines) -> Iterator[tuple[int, object]]:
    """Yield line number (or place in the list) and the value there, an UnreadableFile where it can't be read."""
    start = lines.stream.tell()
    number = 0
    while line := lines.next_line():
        number += 1
        if number == 1 and line.lstrip()[:1] == b"[":
            lines.stream.seek(start)
            yield from _listed(lines)
            return
        if number == 1 and line.strip() == b"{":
            lines.stream.seek(start)
            yield 1, _printed(lines)
            return
        if len(line) >= LARGEST_RECORD and not line.endswith(b"\n"):
            lines.skip_line()
            yield number, _too_large()
        elif line.strip():
            yield number, _parsed(lines.text(line))


def _printed(lines: Lines) -> object:
    """Return the one object of a file that prints it over several lines."""
    text = ""
    for part in lines.parts(_CHUNK):
        text += part
        if len(text) > LARGEST_RECORD:
            return _too_large()
    return _parsed(text)


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return UnreadableFile(
            zh="这一行不是有效的 JSON；每行应是一个完整的对象",
            en="this line isn't valid JSON; each line must be one whole object",
        )


def _listed(lines: Lines) -> Iterator[tuple[int, object]]:
    """Yield the items of a JSON list, holding little more than one item at a time."""
    decoder = json.JSONDecoder()
    parts = lines.parts(_CHUNK)
    text = next(parts, "").lstrip()[1:]
    at = number = 0
    want = _CHUNK
    while True:
        found = _BETWEEN.search(text, at)
        at = found.start() if found else len(text)
        if text[at : at + 1] == "]":
            return
        try:
            value, at = decoder.raw_decode(text, at)
        except RecursionError:
            yield number + 1, _broken_list()
            return
        except ValueError:
            text, at = text[at:], 0
            if len(text) > LARGEST_RECORD:
                yield number + 1, _too_large()
                return
            known = len(text)
            while len(text) - known < want and (part := next(parts, "")):
                text += part
            want *= 2
            if len(text) == known:
                yield number + 1, _broken_list()
                return
            continue
        number += 1
        want = _CHUNK
        yield number, value


def _no_lines() -> UnreadableFile:
    return UnreadableFile(
        zh="不是每行一个 JSON 对象的文件（JSONL），也不是对象的列表；请转换为 JSONL 或 CSV",
        en="this isn't JSON lines, one object each, nor a list of objects; convert it to JSONL or CSV",
    )


def _no_object() -> UnreadableFile:
    return UnreadableFile(
        zh="这一行不是 JSON 对象；应写成 {“列名”: “内容”}", en='this isn\'t a JSON object; write {"column": "value"}'
    )


def _too_large() -> UnreadableFile:
    size = LARGEST_RECORD >> 20
    return UnreadableFile(
        zh=f"这一条超过 {size} MB，未读入；请拆开",
        en=f"this record is larger than {size} MB and was left out; split it",
    )


def _broken_list() -> UnreadableFile:
    return UnreadableFile(
        zh="JSON 列表从这一条起无法读取；请改正，或改存为每行一个对象（JSONL）",
        en="from this item on the JSON list can't be read; mend it, or save one object per line (JSONL)",
    )
