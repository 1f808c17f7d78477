"""tantivy is held to the contract."""

from __future__ import annotations

import pytest
from test_contract_whoosh import TestWhoosh as _Stored

pytest.importorskip("tantivy", reason="tantivy has no wheel for this machine; Whoosh serves there")


class TestTantivy(_Stored):
    engine = "tantivy"


del _Stored
