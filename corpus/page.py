"""A page as a server gave it: what every reader of HTML, PDF and the rest starts from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a server: ``fetched_at`` in ISO 8601 UTC, header names in lower case, ``body`` decoded (no gzip)."""

    url: str
    fetched_at: str
    status: int
    content_type: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sha256", hashlib.sha256(self.body).hexdigest())

    def header(self, name: str) -> str:
        """Return the first value of a header, "" if it isn't there."""
        return next((value for key, value in self.headers if key == name.lower()), "")


def utc_now() -> str:
    """Return the present moment as Pages write it: 2024-05-06T07:08:09Z."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
