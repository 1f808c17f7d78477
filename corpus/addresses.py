"""URLs in one form, and which addresses may be asked. Pure."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

import idna

from corpus.errors import RefusedAddress

_LONGEST: Final = 8_000
_SESSION: Final = re.compile(r";jsessionid=[^/;?#]*", re.IGNORECASE)
_PORTS: Final = {"http": 80, "https": 443}
_ESCAPE: Final = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_KEPT: Final = "/:?#[]@!$&'()*+,;=-._~%"
#: RFC 6052 and RFC 8215: IPv4 addresses behind a translator; 6to4 (RFC 3056) and Teredo (RFC 4380) carry one as well.
_NAT64: Final = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
_COMPATIBLE: Final = ipaddress.IPv6Network("::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def canonical_url(url: str, base: str = "", encoding: str = "utf-8") -> str:
    """Return the URL in the form that pages are known by (RFC 3986, 6.2.2), resolved against ``base``.

    Scheme and host in lower case (the host in ASCII), no default port, no fragment, escapes normalised, dot segments
    resolved; the query is kept, but what it writes outside ASCII is escaped in the page's ``encoding``, as browsers do.
    As in browsers, too, a backslash separates folders. A session number (;jsessionid=) is left out: the page is the
    same in another session. Raises RefusedAddress for what isn't http(s), has a user name or no host.
    """
    if len(url) > _LONGEST:
        raise refused(url[:200], "网址过长", "the URL is too long")
    try:
        parts = urlsplit(urljoin(base, _with_slashes(url.strip())))
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
        host = _ascii_host(host.rstrip("."))
    except (ValueError, idna.IDNAError) as error:
        raise refused(url, "网址写错了", "malformed URL") from error
    if scheme not in _PORTS or not host:
        raise refused(url, "不是 http 或 https 网址", "not an http or https URL")
    if parts.username is not None or parts.password is not None:
        raise refused(url, "网址里带有用户名", "the URL carries a user name")
    place = f"[{host}]" if ":" in host else host
    if port is not None and port != _PORTS[scheme]:
        place += f":{port}"
    query = f"?{_escaped(parts.query, encoding)}" if parts.query else ""
    path = _SESSION.sub("", parts.path)
    return f"{scheme}://{place}{_without_dots(_escaped(path))}{query}"


def host_of(url: str) -> str:
    """Return the host of a canonical URL, with its port if that isn't the default."""
    return urlsplit(url).netloc


def is_allowed(address: str, *, allow_loopback: bool) -> bool:
    """Whether this IP address may be asked: public unicast, or loopback if allowed.

    An IPv6 address that carries an IPv4 one (mapped, NAT64, 6to4, Teredo) is as good as what it carries.
    """
    try:
        ip: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = _carried(ip)
    if inner is not None:
        return is_allowed(str(inner), allow_loopback=allow_loopback)
    if ip.is_loopback:
        return allow_loopback
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def refused(url: str, zh: str, en: str) -> RefusedAddress:
    """Return the error for a URL that isn't asked."""
    return RefusedAddress(zh=f"不访问 {url}：{zh}", en=f"{url} is not asked: {en}")


def _carried(ip: Address) -> ipaddress.IPv4Address | None:
    if not isinstance(ip, ipaddress.IPv6Address):
        return None
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip.sixtofour is not None:
        return ip.sixtofour
    if ip.teredo is not None:
        return ip.teredo[1]
    if any(ip in network for network in _NAT64) or (ip in _COMPATIBLE and int(ip) > 1):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return None


def _ascii_host(host: str) -> str:
    if not host.isascii():
        return idna.encode(host.lower(), uts46=True).decode("ascii")
    return host.lower()


def _without_dots(path: str) -> str:
    """Resolve . and .. (RFC 3986, 5.2.4); empty segments are kept."""
    kept: list[str] = []
    segments = path.removeprefix("/").split("/")
    for segment in segments:
        if segment == ".." and kept:
            kept.pop()
        elif segment not in {".", ".."}:
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _with_slashes(url: str) -> str:
    place = re.split(r"[?#]", url, maxsplit=1)[0]
    return place.replace("\\", "/") + url[len(place) :]


def _escaped(text: str, encoding: str = "utf-8") -> str:
    def normal(match: re.Match[str]) -> str:
        char = chr(int(match[1], 16))
        return char if char in _UNRESERVED else match[0].upper()

    whole = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return _ESCAPE.sub(normal, quote(whole, safe=_KEPT, encoding=encoding, errors="replace"))
