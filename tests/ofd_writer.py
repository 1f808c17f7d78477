"""Writes small OFD files (GB/T 33190-2016) in the manner of three kinds of writers."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """``each``: an object for each line or glyph; ``step``: letter spacing; the prefix, and how paths are written."""

    prefix: str
    absolute: bool
    each: str
    step: float = 1.0


DIALECTS = (Dialect("ofd:", False, "line"), Dialect("", True, "glyph"), Dialect("o:", False, "line", 1.4))


def text_object(dialect: Dialect, text: str, x: float, y: float, size: float = 4.0) -> str:
    p, step = dialect.prefix, size * dialect.step
    if dialect.each == "glyph":
        return "".join(
            f'<{p}TextObject ID="1" Boundary="{x + n * step} {y} {size} {size}" Size="{size}">'
            f'<{p}TextCode X="0" Y="{size * 0.88}">{char}</{p}TextCode></{p}TextObject>'
            for n, char in enumerate(text)
        )
    return (
        f'<{p}TextObject ID="1" Boundary="{x} {y} 190 {size}" Size="1" CTM="{size} 0 0 {size} 0 0">'
        f'<{p}TextCode X="0" Y="0.88" DeltaX="g {max(len(text) - 1, 1)} {dialect.step}">{text}</{p}TextCode></{p}TextObject>'
    )


def rule(dialect: Dialect, x0: float, y0: float, x1: float, y1: float) -> str:
    p = dialect.prefix
    return (
        f'<{p}PathObject ID="1" Boundary="{x0} {y0} {x1 - x0} {y1 - y0}">'
        f"<{p}AbbreviatedData>M 0 0 L {x1 - x0} {y1 - y0}</{p}AbbreviatedData></{p}PathObject>"
    )


def ofd(dialect: Dialect, pages: list[str], template: str = "", title: str = "") -> bytes:
    p, name = dialect.prefix, dialect.prefix.rstrip(":")
    space = f'xmlns{":" + name if name else ""}="http://www.ofdspec.org/2016"'
    base = "/Doc_0/" if dialect.absolute else ""

    def page(inside: str) -> str:
        used = f'<{p}Template TemplateID="9"/>' if template else ""
        return f"<{p}Page {space}>{used}<{p}Content><{p}Layer>{inside}</{p}Layer></{p}Content></{p}Page>"

    listed = "".join(f'<{p}Page ID="{n}" BaseLoc="{base}Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "OFD.xml",
            f"<{p}OFD {space}><{p}DocBody><{p}DocInfo><{p}Title>{title}</{p}Title></{p}DocInfo>"
            f"<{p}DocRoot>{'/' if dialect.absolute else ''}Doc_0/Document.xml</{p}DocRoot></{p}DocBody></{p}OFD>",
        )
        archive.writestr(
            "Doc_0/Document.xml",
            f"<{p}Document {space}><{p}CommonData><{p}PageArea><{p}PhysicalBox>0 0 210 297</{p}PhysicalBox></{p}PageArea>"
            f'<{p}TemplatePage ID="9" BaseLoc="{base}Tpls/T.xml"/></{p}CommonData><{p}Pages>{listed}</{p}Pages></{p}Document>',
        )
        if template:
            archive.writestr("Doc_0/Tpls/T.xml", page(template))
        for number, inside in enumerate(pages):
            archive.writestr(f"Doc_0/Pages/Page_{number}/Content.xml", page(inside))
    return out.getvalue()
