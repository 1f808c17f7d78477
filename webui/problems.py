"""Errors of the JSON API as RFC 9457 problem details, in both languages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from flask import Response, request

API: Final = "/api/"
CONTENT_TYPE: Final = "application/problem+json"

#: Name -> (中文, English): the title says the kind of problem, the detail what happened and what to do.
TITLES: Final[Mapping[str, tuple[str, str]]] = {
    "noindex": ("还没有索引", "There is no index yet"),
    "stale": ("索引已过期", "The index is out of date"),
    "query": ("请求无效", "The request isn't valid"),
    "timeout": ("检索超时", "The search took too long"),
    "report": ("没有这份报告或章节", "There is no such report or section"),
    "wording": ("没有这种表述", "There is no such wording"),
    "index": ("索引不可用", "The index can't be used"),
    "host": ("拒绝来自其他主机名的请求", "Requests for other hosts are refused"),
    "method": ("不支持这种方法", "The method isn't supported"),
    "large": ("请求过长", "The request is too long"),
    "page": ("没有这个地址", "There is no such address"),
    "server": ("程序内部错误", "An error inside the program"),
}
_DETAILS: Final[Mapping[str, tuple[str, str]]] = {
    "host": ("只回答发给 127.0.0.1 或 localhost 的请求。", "Only requests to 127.0.0.1 or localhost are answered."),
    "method": ("请使用 /api/docs 中所列的方法。", "Use the method that /api/docs lists."),
    "large": ("请缩短所给的文字或文件。", "Shorten the text or file that was sent."),
    "page": ("接口列表见 /api/docs。", "/api/docs lists what there is."),
    "server": (
        "请把地址和运行 chadang serve 的终端输出报告给开发者。",
        "Report the address and what the terminal of chadang serve shows.",
    ),
}

#: The same in the API's document.
PROBLEM_SCHEMA: Final[Mapping[str, object]] = {
    "type": "object",
    "description": "Problem details (RFC 9457)",
    "properties": {
        "status": {"type": "integer"},
        "errors": {"type": "object"},
        **{name: {"type": "string"} for name in ("type", "title", "detail", "detail_zh", "detail_en", "instance")},
    },
    "required": ["type", "title", "status", "detail", "detail_zh", "detail_en", "instance"],
}


def is_api() -> bool:
    """Whether the current request is for the API, whose errors are JSON."""
    return request.path.startswith(API)


def problem(name: str, status: int, zh: str = "", en: str = "", errors: Mapping[str, object] | None = None) -> Response:
    """Return problem details; without ``zh`` and ``en`` the detail is that of the problem's kind."""
    english = request.args.get("lang") == "en"
    details = (zh, en) if zh or en else _DETAILS.get(name, ("", ""))
    body: dict[str, object] = {
        "type": f"/api/docs#problem-{name}",
        "title": TITLES[name][english],
        "status": status,
        "detail": details[english],
        "detail_zh": details[0],
        "detail_en": details[1],
        "instance": request.path,
    }
    if errors:
        body["errors"] = errors
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Response(text, status=status, content_type=CONTENT_TYPE)
