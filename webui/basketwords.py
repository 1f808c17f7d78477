"""What every page says of the basket: how many passages are kept, and what forms that keep some need."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask, request

from indexer.basket import Basket
from indexer.errors import BasketError
from webui.guard import form_token


def register(app: Flask, home: Path) -> None:
    """Make it known to every template."""
    basket = Basket(home)

    @app.context_processor
    def words() -> dict[str, Any]:
        return {"basket_count": _count(basket), "form_token": form_token, "back_here": _address()}


def _count(basket: Basket) -> int:
    """Return what every page shows; a basket that can't be read is said on its own page."""
    try:
        return basket.count()
    except BasketError:
        return 0


def _address() -> str:
    """Return the address that leads back to this page; "" where none does."""
    return request.full_path.rstrip("?") if request.method == "GET" else ""
