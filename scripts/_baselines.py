"""What ranking is compared with: plain BM25 over jieba's words, and Whoosh as it comes."""

from __future__ import annotations

import heapq
import logging
import math
import re
import tempfile
from array import array
from collections import Counter

from _collection import Collection

from corpus.folding import fold
from indexer.segment import default_segmenter, words_of


def bm25_over_words(collection: Collection, asked: dict[str, str], depth: int) -> dict[str, dict[str, float]]:
    """Return BM25 (k1 1.2, b 0.75) over the words of title, heading and text; the words of a query are OR-ed."""
    segmenter = default_segmenter()
    postings: dict[str, tuple[array[int], array[int]]] = {}
    lengths = array("l")
    for number, d in enumerate(collection.documents):
        words = Counter(w.text for part in (d.title, d.heading, d.text) for w in words_of(fold(part), segmenter))
        lengths.append(words.total())
        for word, often in words.items():
            owners, counts = postings.setdefault(word, (array("l"), array("l")))
            owners.append(number)
            counts.append(often)
    size, average = len(lengths), sum(lengths) / max(1, len(lengths))
    run: dict[str, dict[str, float]] = {}
    for query_id, text in asked.items():
        scores: dict[int, float] = {}
        for word in dict.fromkeys(w.text for w in words_of(fold(text), segmenter)):
            owners, counts = postings.get(word, (array("l"), array("l")))
            idf = math.log(1 + (size - len(owners) + 0.5) / (len(owners) + 0.5))
            for number, often in zip(owners, counts, strict=True):
                norm = 1.2 * (0.25 + 0.75 * lengths[number] / average)
                scores[number] = scores.get(number, 0.0) + idf * often * 2.2 / (often + norm)
        best = heapq.nsmallest(depth, ((-score, number) for number, score in scores.items()))
        run[query_id] = {collection.documents[number].doc_id: -score for score, number in best}
    return run


def plain_whoosh(collection: Collection, asked: dict[str, str], depth: int) -> dict[str, dict[str, float]]:
    """Return what Whoosh finds with jieba's ChineseAnalyzer over one field, its own query parser (OR) and its BM25F."""
    import jieba  # noqa: PLC0415 - a second to load
    from jieba.analyse import ChineseAnalyzer  # noqa: PLC0415
    from whoosh import fields, index  # noqa: PLC0415
    from whoosh.qparser import OrGroup, QueryParser  # noqa: PLC0415

    jieba.setLogLevel(logging.WARNING)
    schema = fields.Schema(id=fields.STORED, text=fields.TEXT(analyzer=ChineseAnalyzer()))
    run: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory(prefix="chadang-plain-whoosh-", ignore_cleanup_errors=True) as folder:
        opened = index.create_in(folder, schema)
        writer = opened.writer(limitmb=512)
        for d in collection.documents:
            writer.add_document(id=d.doc_id, text="\n".join((d.title, d.heading, d.text)))
        writer.commit()
        parser = QueryParser("text", opened.schema, group=OrGroup)
        with opened.searcher() as searcher:
            for query_id, text in asked.items():
                # Whoosh reads ASCII punctuation as operators.
                hits = searcher.search(parser.parse(re.sub(r"[!-/:-@\[-`{-~]", " ", text)), limit=depth)
                run[query_id] = {hit["id"]: float(hit.score) for hit in hits}
        opened.close()
    return run
