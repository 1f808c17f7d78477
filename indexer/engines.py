"""Which engines there are, and which of them this machine has."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from indexer.errors import EngineUnavailable

ENGINES: Final = ("auto", "whoosh", "tantivy")
#: Up to this many characters Whoosh's slowest common query is interactive and its build a matter of seconds (docs/performance.md).
WHOOSH_LIMIT: Final = 1_500_000


def has_tantivy() -> bool:
    """Whether tantivy can be used here; it has no wheel for some machines."""
    return find_spec("tantivy") is not None and find_spec("numpy") is not None


def check_engine(engine: str) -> None:
    """Make sure that an engine can be used here. Raises EngineUnavailable."""
    if engine not in ENGINES:
        known = ", ".join(ENGINES)
        raise EngineUnavailable(
            zh=f"没有名为 {engine} 的引擎；可用：{known}", en=f"there is no engine {engine}; available: {known}"
        )
    if engine == "tantivy" and not has_tantivy():
        raise EngineUnavailable(
            zh="这台计算机上没有安装 tantivy（需要 tantivy 和 numpy 两个包）；请安装后重试，或用 --engine whoosh",
            en="tantivy isn't installed here (it needs the packages tantivy and numpy); install them, or use --engine whoosh",
        )
