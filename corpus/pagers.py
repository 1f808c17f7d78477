"""Where the next pages of a listing or an article are, by what its pager script says. Pure."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from corpus.addresses import canonical_url
from corpus.errors import RefusedAddress

#: Pages that one pager may announce; more is a mistake or a trap.
_MOST_PAGES: Final = 2000
_CREATE: Final = re.compile(r"(?<!function )createPageHTML\s*\(([^)]{1,300})\)", re.IGNORECASE)
_COUNT: Final = re.compile(r"\bcountPage\s*=\s*[\"']?(\d{1,6})")
_CURRENT: Final = re.compile(r"\bcurrentPage\s*=\s*[\"']?(\d{1,6})")
_JPAGE_CALL: Final = re.compile(r"\.jpage\s*\(")
_JPAGE_SUM: Final = re.compile(r"totalRecord[\"']?\s*[:=]\s*[\"']?(\d{1,7})", re.IGNORECASE)
_JPAGE_SIZE: Final = re.compile(r"perPage[\"']?\s*[:=]\s*[\"']?(\d{1,4})", re.IGNORECASE)
_JPAGE_URL: Final = re.compile(r"[\"']([^\"'\s<>]*dataproxy\.jsp[^\"'\s<>]*)[\"']")
_JPAGE_DATA: Final = re.compile(r"\bdata[\"']?\s*:\s*[\"']([^\"'<>\s]{1,400}=[^\"'<>\s]{0,400})[\"']")
_JPAGE_FORM: Final = re.compile(r"ajaxParam[\"']?\s*:\s*\{([^{}]{1,1000})\}")
_FORM_VALUE: Final = re.compile(r"[\"']?(\w{1,40})[\"']?\s*:\s*(?:'([^']*)'|\"([^\"]*)\"|(\d{1,9}))")
#: What ajaxParam holds for jQuery and not for the server.
_NOT_SENT: Final = frozenset(("url", "type", "data", "datatype", "contenttype", "async", "cache", "timeout"))
_SPAN: Final = frozenset(("startrecord", "endrecord", "perpage"))
_TOTAL_PAGES: Final = re.compile(r"<totalpage>\s*(\d{1,6})\s*</totalpage>", re.IGNORECASE)
_NEXT_GROUP: Final = re.compile(r"<nextgroup>(.{0,2000}?)</nextgroup>", re.IGNORECASE | re.DOTALL)
_NEXT_URL: Final = re.compile(r"href\s*=\s*[\"']([^\"'<>\s]*dataproxy\.jsp[^\"'<>\s]*)[\"']")
#: A file name, its number and its extension: index_2.html -> index, 2, .html.
_NUMBERED: Final = re.compile(r"^(.*?)(?:_(\d{1,6}))?(\.[A-Za-z]{3,5})$")
#: Names of query fields that say which page is shown.
_PAGE_FIELDS: Final = frozenset("page p pageno pagenum pageindex pageid currentpage curpage cur_page pn".split())
_LONGEST_LABEL: Final = 30
#: Words of links that lead through a pager.
_PAGER_LABEL: Final = re.compile(
    r"[第共\s]*\d{0,6}\s*[页頁]?|.{0,3}(?:上一?[页頁]|下一?[页頁]|[首尾末][页頁]|最后一?[页頁]|后一?[页頁]|前一?[页頁]|更多|加载更多).{0,3}"
    r"|[<>«»‹›.…\s]{1,6}|(?:next|prev(?:ious)?|first|last|more)(?: page)?\W{0,3}",
    re.IGNORECASE,
)


def numbered_pages(url: str, first: str, text: str) -> list[str]:
    """Return the pages that a pager script announces after this one.

    createPageHTML(5, 0, 'index', 'html') and countPage: the first page has no number, page n is index_<n-1>.html.
    createPageHTML('id', 5, 1, 'index', 'html'), or a first page that calls itself 1: page n is index_<n>.html.
    ``first`` is the first page's URL if it is known (an article's), "" for a listing.
    """
    count, current, name, extension, from_one = _announced(text)
    if count < 2:
        return []
    parts = urlsplit(first or url)
    folder, _, own = parts.path.rpartition("/")
    called = _NUMBERED.match(own or "index.html")
    if called is None:
        return []
    stem = (own.removesuffix(called[3]) or "index") if first else called[1]
    here = _number(url, stem)
    stem, extension = name or stem, extension or called[3]
    from_one = from_one or (here == 0 and current == 1)
    start, end = (2, count + 1) if from_one else (1, count)
    numbers = range(max(start, here + 1), min(end, _MOST_PAGES))
    places = (f"{folder}/{stem}_{number}{extension}" for number in numbers)
    return [urlunsplit((parts.scheme, parts.netloc, place, "", "")) for place in places]


def is_further_page(first: str, url: str) -> bool:
    """Whether a URL is a later page of the article at ``first``: its name with _2 or -2, or a number in the query."""
    head, other = urlsplit(first), urlsplit(url)
    if head.netloc != other.netloc:
        return False
    if head.path == other.path:
        added = set(parse_qsl(other.query)) - set(parse_qsl(head.query))
        kept = set(parse_qsl(head.query)) <= set(parse_qsl(other.query))
        return kept and len(added) == 1 and all(_is_page_field(key, value) for key, value in added)
    called = re.fullmatch(r"(.*?)(\.[A-Za-z]{3,5})", head.path)
    return called is not None and bool(
        re.fullmatch(re.escape(called[1]) + r"[_-]0*[1-9]\d{0,2}" + re.escape(called[2]), other.path)
    )


def page_order(url: str) -> int:
    """Return the number by which the further pages of one article are put in order."""
    parts = urlsplit(url)
    for key, value in parse_qsl(parts.query):
        if _is_page_field(key, value):
            return int(value)
    called = re.search(r"[_-](\d{1,6})\.[A-Za-z]{3,5}$", parts.path)
    return int(called[1]) if called else 0


def same_pager(listing: str, other: str, label: str) -> bool:
    """Whether two listings are pages of one listing, by their URLs and the words that lead from one to the other."""
    first, second = urlsplit(listing), urlsplit(other)
    if first.netloc != second.netloc:
        return False
    alike = first.path == second.path or _without_number(first.path) == _without_number(second.path)
    words = label.strip()
    spoken = len(words) <= _LONGEST_LABEL and _PAGER_LABEL.fullmatch(words) is not None
    return spoken and (alike or second.path.endswith("dataproxy.jsp"))


def jpage_pages(url: str, text: str) -> list[str]:
    """Return the requests of the jpage pagers in a page, or those that follow a dataproxy's answer.

    The script posts its form; the server takes the same names from the query, so each request is a URL of its own.
    """
    answer = urlsplit(url).path.endswith("dataproxy.jsp")
    if answer:
        return _after_answer(url, text)
    calls = _JPAGE_CALL.split(text)
    found = [page for call in (calls[1:] or [text]) for page in _of_call(url, call)]
    return found or _next_group(url, text)


def _of_call(url: str, text: str) -> list[str]:
    where, total, size = (pattern.search(text) for pattern in (_JPAGE_URL, _JPAGE_SUM, _JPAGE_SIZE))
    if not where or not total or not size or int(size[1]) == 0:
        return []
    try:
        proxy = urlsplit(canonical_url(where[1].replace("&amp;", "&"), url))
    except RefusedAddress:
        return []
    data = _JPAGE_DATA.search(text)
    form = _JPAGE_FORM.search(text)
    fixed = dict(parse_qsl(proxy.query, keep_blank_values=True))
    fixed |= dict(parse_qsl(data[1].replace("&amp;", "&"), keep_blank_values=True)) if data else {}
    for key, single, double, number in _FORM_VALUE.findall(form[1]) if form else ():
        if key.lower() not in _NOT_SENT:
            fixed[key] = single or double or number
    pairs = [(key, value) for key, value in fixed.items() if key.lower() not in _SPAN]
    step, records = int(size[1]), int(total[1])
    found = []
    for start in range(1, records + 1, step)[:_MOST_PAGES]:
        span = [("startrecord", str(start)), ("endrecord", str(min(start + step - 1, records))), ("perpage", str(step))]
        found.append(canonical_url(urlunsplit((*proxy[:3], urlencode(pairs + span), ""))))
    return found


def _after_answer(url: str, text: str) -> list[str]:
    """Return the later pages of an answer that was asked by page=N; by records all requests are known already."""
    parts = urlsplit(url)
    fields = parse_qsl(parts.query, keep_blank_values=True)
    pages = [value for key, value in fields if key == "page" and value.isascii() and value.isdigit()]
    if not pages:
        return []
    total = _TOTAL_PAGES.search(text)
    if total is None:
        return _next_group(url, text)
    found = []
    for number in range(int(pages[0][:6]) + 1, min(int(total[1]), _MOST_PAGES) + 1):
        query = urlencode([(key, str(number) if key == "page" else value) for key, value in fields])
        found.append(canonical_url(urlunsplit((*parts[:3], query, ""))))
    return found


def _next_group(url: str, text: str) -> list[str]:
    found = []
    for group in _NEXT_GROUP.findall(text):
        for place in _NEXT_URL.findall(group):
            try:
                found.append(canonical_url(place.replace("&amp;", "&"), url))
            except RefusedAddress:
                continue
    return found


def _announced(text: str) -> tuple[int, int, str, str, bool]:
    """Return count, current page, name and extension ("" if not said) and whether the second page is called _2."""
    for call in _CREATE.finditer(text):
        given = [part.strip() for part in call[1].split(",")]
        words = [part[1:-1] for part in given if len(part) > 1 and part[0] in "\"'" and part[-1] == part[0]]
        numbers = [int(part) for part in given if part.isascii() and part.isdigit() and len(part) < 7]
        within = given[0][:1] in {'"', "'"} and not given[0].strip("\"'").isdigit()  # the element to write into
        if not within and given[0].strip("\"'").isdigit():
            numbers = [int(part.strip("\"'")[:6]) for part in given[:2] if part.strip("\"'").isdigit()]
        if not numbers:
            continue
        named = [word for word in words if not word.isdigit()][1 if within else 0 :]
        name = named[0].rpartition("/")[2] if named else ""
        extension = "." + named[1].lstrip(".") if len(named) > 1 and named[1].strip(".") else ""
        fits = re.fullmatch(r"[\w-]{1,100}", name) and re.fullmatch(r"\.[A-Za-z]{3,5}", extension)
        current = numbers[1] if len(numbers) > 1 else 0
        return numbers[0], current, name if fits else "", extension if fits else "", within
    count, current_page = _COUNT.search(text), _CURRENT.search(text)
    if count and (current_page or _CREATE.search(text)):
        return int(count[1]), int(current_page[1]) if current_page else 0, "", "", False
    return 0, 0, "", "", False


def _number(url: str, stem: str) -> int:
    """Return the number of a page in its pager, 0 for the first."""
    name = urlsplit(url).path.rpartition("/")[2]
    called = re.fullmatch(re.escape(stem) + r"_(\d{1,6})\.[A-Za-z]{3,5}", name)
    return int(called[1]) if called else 0


def _is_page_field(key: str, value: str) -> bool:
    return key.lower() in _PAGE_FIELDS and value.isascii() and value.isdigit() and len(value) < 7


def _without_number(path: str) -> str:
    """Return a path without the number of its file name, which a pager counts up: list-2.html, index_2.html, 2.html."""
    folder, _, name = path.rpartition("/")
    return folder + "/" + re.sub(r"[_-]?\d{1,6}(?=\.[A-Za-z]{2,5}$|$)", "", name)
