"""The page on which word lists are made and changed."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from indexer.errors import WordListError
from indexer.wordlists import WordLists
from webui.guard import form_token, is_our_form
from webui.labels import label
from webui.page import here

Answer = tuple[str, int]


def blueprint(home: Path) -> Blueprint:
    """Return the routes of the page of word lists."""
    pages = Blueprint("wordlists", __name__)
    lists = WordLists(home)

    def shown(name: str, phrases: str, refused: str = "") -> str:
        return render_template(
            "wordlists.html",
            lists=lists.all(),
            name=name,
            phrases=phrases,
            refused=refused,
            saved=request.args.get("saved") == "1" and not refused,
            token=form_token(),
        )

    @pages.get("/wordlists")
    def show() -> str:
        name = request.args.get("name", "")
        found = lists.named(name) if name else None
        return shown(found.name if found else "", "\n".join(found.phrases) if found else "")

    @pages.post("/wordlists")
    def change() -> Answer | Response:
        name, phrases = request.form.get("name", "").strip(), request.form.get("phrases", "")
        now = here()
        if not is_our_form():
            return shown(name, phrases, label("wordlist.token", now.lang)), 403
        try:
            if request.form.get("do") == "remove":
                lists.remove(name)
            else:
                lists.put(name, phrases.splitlines())
        except WordListError as error:
            return shown(name, phrases, error.text(now.lang)), 400
        return redirect(f"/wordlists?saved=1{'&lang=en' if now.lang == 'en' else ''}", 303)

    return pages
