"""A trend as an SVG of pygal's, without its styles and scripts: the page's rules forbid both inside it.

pygal and lxml are loaded when something is drawn: the first page of a server needn't wait for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

WIDTH: Final = 960
_HEIGHT: Final = 380
_BAR: Final = 18
_LABEL: Final = 14
_SVG: Final = "{http://www.w3.org/2000/svg}"
_XLINK: Final = "{http://www.w3.org/1999/xlink}"
_LEFT_OUT: Final = ("tooltip", "text-overlay", "titles")


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """A value to draw (None is a gap), where it leads and what it says."""

    value: float | None
    url: str
    says: str


def line_chart(
    labels: Sequence[str], series: Sequence[Sequence[ChartPoint]], breaks: Sequence[str], title: str
) -> Markup:
    """Return lines over labels, with a rule at each of ``breaks``."""
    import pygal  # noqa: PLC0415 - see above

    chart = pygal.Line(
        **_settings(show_x_guides=True, height=_HEIGHT, x_label_rotation=45 if len(labels) > 16 else 0),
        x_labels_major=[each for each in breaks if each in labels],
        allow_interruptions=True,
        dots_size=4,
    )
    return _drawn(chart, labels, series, title)


def bar_chart(labels: Sequence[str], series: Sequence[Sequence[ChartPoint]], title: str) -> Markup:
    """Return a bar for each label and series, the first label on top."""
    import pygal  # noqa: PLC0415 - see above

    height = 80 + len(labels) * max(_BAR * len(series), 24)
    widest = max((len(label) for label in labels), default=1)
    chart = pygal.HorizontalBar(**_settings(height=height, margin_left=20 + widest * _LABEL))
    return _drawn(chart, list(reversed(labels)), [list(reversed(points)) for points in series], title)


def _settings(**more: object) -> dict[str, Any]:
    from pygal.style import Style  # noqa: PLC0415 - see above

    style = Style(font_family="sans-serif", label_font_size=_LABEL, major_label_font_size=_LABEL)
    common = {"css": [], "js": [], "width": WIDTH, "show_legend": False, "truncate_label": -1, "min_scale": 3}
    return {**common, "style": style, "no_data_text": "", "range": None, "include_x_axis": True, **more}


def _drawn(chart: Any, labels: Sequence[str], series: Sequence[Sequence[ChartPoint]], title: str) -> Markup:
    from lxml import etree  # noqa: PLC0415 - see above

    chart.x_labels = labels
    for number, points in enumerate(series):
        chart.add(
            str(number),
            [
                None
                if point.value is None
                else {"value": point.value, "label": point.says, "xlink": {"href": point.url, "target": "_self"}}
                for point in points
            ],
        )
    root = etree.fromstring(etree.tostring(chart.render_tree()))
    for element in [*root.iter()]:
        parent = element.getparent()
        classes = str(element.get("class", "")).split() if isinstance(element.tag, str) else []
        if parent is not None and (
            not isinstance(element.tag, str)
            or element.tag in (f"{_SVG}defs", f"{_SVG}title")
            or any(name in classes for name in _LEFT_OUT)
        ):
            _remove(element)
    for link in root.iter(f"{_SVG}a"):
        says = next((d.text or "" for d in link.iter(f"{_SVG}desc") if d.get("class") == "label"), "")
        link.set("aria-label", says)
        # A name for those who hear the page, a tooltip for those who see it, both without a script.
        etree.SubElement(link, f"{_SVG}title").text = says
        link.set("href", link.get(f"{_XLINK}href", ""))
    _each(root, f"{_SVG}desc", _remove)
    for name in ("id", "width", "height"):
        root.attrib.pop(name, "")
    for element in root.iter():
        element.attrib.pop("style", "")
    root.set("role", "group")
    root.set("aria-label", title)
    return Markup(etree.tostring(root, encoding="unicode"))  # noqa: S704 - built and escaped by lxml


def _each(root: Any, tag: str, do: Callable[[Any], None]) -> None:
    for element in [*root.iter(tag)]:
        do(element)


def _remove(element: Any) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
