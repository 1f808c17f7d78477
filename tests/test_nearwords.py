"""Counting near words in batches of runs: the same as word by word, whatever the size of a batch."""

from __future__ import annotations

from collections import Counter

import pytest
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.folding import dropped, fold
from indexer import nearwords
from indexer.lineorder import _folded, context_key
from indexer.nearwords import NearWords
from indexer.segment import LONGEST_RUN, default_segmenter, runs_of, words_of, words_of_runs

SEGMENTER = default_segmenter()
TEXT = "依申请公开5件，Ｃｏｖｉｄ–19 期间行政 复议２0件；𠮷林省政府信息公开 行政复议无。"


def naive(texts, within):
    """(every, near, before, after) of texts with the spans of their matches, word by word."""
    every, near, before, after = Counter(), Counter(), Counter(), Counter()
    for text, spans in texts:
        items, end = [], 0
        for start, stop in [*spans, (len(text), len(text))]:
            items += [word.text for word in words_of(fold(text[end:start]), SEGMENTER)]
            items += [None] if stop > start else []
            end = stop
        matches = [at for at, item in enumerate(items) if item is None]
        for at, item in enumerate(items):
            if item is None:
                continue
            left = [m for m in matches if m > at]
            right = [m for m in matches if m < at]
            is_before = bool(left) and left[0] - at <= within
            is_after = bool(right) and at - right[-1] <= within
            every[item] += 1
            before[item] += is_before
            after[item] += is_after
            near[item] += is_before or is_after
    return every, near, before, after


def marked(text, piece):
    spans, at = [], text.find(piece)
    while at >= 0:
        spans.append((at, at + len(piece)))
        at = text.find(piece, at + len(piece))
    return text, spans


@pytest.mark.parametrize(("batch", "runs"), [(1 << 20, 400_000), (1, 400_000), (1, 0), (30, 3)])
def test_batches_and_forgotten_runs_change_nothing(monkeypatch, batch, runs):
    monkeypatch.setattr(nearwords, "_BATCH", batch)
    monkeypatch.setattr(nearwords, "_RUNS", runs)
    texts = [marked(TEXT, "公开"), marked("", "公开"), marked("公开", "公开"), marked(TEXT * 3, "行政 复议")]
    for within in (1, 3, 20):
        counted = NearWords(SEGMENTER, within)
        for text, spans in texts:
            counted.add(text, spans)
        every, near, before, after = naive(texts, within)
        assert counted.totals() == (near.total(), every.total() - near.total())
        assert {each.word: each.near for each in counted.near(1)} == +near
        for each in counted.near(1):
            assert (each.every, each.before, each.after) == (every[each.word], before[each.word], after[each.word])


@settings(max_examples=60, deadline=None)
@given(st.lists(strategies.texts, max_size=6), st.integers(1, 4))
def test_any_texts_are_counted_word_by_word(texts, within):
    asked = [marked(text, text[len(text) // 2 : len(text) // 2 + 1]) if text else (text, []) for text in texts]
    counted = NearWords(SEGMENTER, within)
    for text, spans in asked:
        counted.add(text, spans)
    every, near, _, _ = naive(asked, within)
    assert counted.totals() == (near.total(), every.total() - near.total())
    assert {each.word: each.near for each in counted.near(1)} == +near


@pytest.mark.parametrize("text", [TEXT, "公" * (LONGEST_RUN * 2 + 5), "第1号ab、〇々", ""])
def test_runs_are_cut_into_the_words_of_their_text(text):
    folded = fold(text)
    runs = runs_of(folded, "\ud800")
    assert [word for words in words_of_runs(runs, SEGMENTER) for word in words] == [
        word.text for word in words_of(folded, SEGMENTER)
    ]


def test_contexts_folded_together_are_those_folded_alone():
    odd = dropped()[:3]
    texts = ["公开" + odd, odd + "Ａb", "", odd, "五 件", "ﬁne ½", *(["重复"] * 9_000)]
    together = list(_folded("".join(text.split()) for text in texts))
    assert together == [context_key(text, "right") for text in texts]
