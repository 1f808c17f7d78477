"""Folded text -> words: jieba's dictionary and algorithm, in Rust where a wheel exists, else in Python."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.metadata import version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Protocol

from corpus.folding import HAN, fold
from corpus.model import digest64
from indexer.errors import BadWords

#: jieba is quadratic on long runs without punctuation, so runs are cut (measured: 1,000 costs nothing).
LONGEST_RUN: Final = 1_000
#: So many runs are cut at once.
_LINES: Final = 10_000

_BASIC_HAN: Final = HAN.partition("\U00020000")[0]
_HAN_ONLY: Final = re.compile(rf"[{_BASIC_HAN}]+")
#: jieba and its port differ beyond the Basic Multilingual Plane: there each Han character is a word of its own.
_RUNS: Final = re.compile(
    rf"(?P<rare>[\U00020000-\U000323af])|(?P<han>[{_BASIC_HAN}]+)|(?P<ascii>[a-z0-9]+)|(?P<other>[^\W_a-z0-9{HAN}]+)"
)

#: Words that say nothing about what is sought: particles, auxiliaries, and the words that make a question.
STOP_WORDS: Final = frozenset(
    """
    的 了 和 与 及 或 在 是 为 对 中 等 之 于 以 把 被 将 也 都 而 且 其 这 那 此 该 有 到 从 向 由 上 下 就 还 又
    我 你 他 她 它 我们 你们 他们 什么 怎么 怎样 如何 哪些 哪个 哪里 哪 谁 吗 呢 吧 啊 为什么 是否 能否 可否 可以
    多少 几 何时 何种 请问 有没有 是不是 怎么办 怎么样 什么样 多久 能不能 可不可以 会不会 要不要
    应该 应当 需要 必须 能 能够 会 要 得 没有 没 不 未 因 因为 由于 所以 如果 但 但是 或者 以及 并 并且 时 后 前 里 内 外 间
    被 给 让 使 个 一个 一 所 着 过 这个 那个 这样 那样 自己 已 已经 仍 才 再 只 a an and the of to in
    """.split()
)


class Segmenter(Protocol):
    """Cuts a run of folded Han characters into words; joined again they are the run."""

    name: str

    def words(self, run: str) -> list[str]:
        """Return the words of a run, in order."""
        ...

    def words_of_each(self, runs: Sequence[str]) -> Iterator[list[str]]:
        """Yield the words of each of some runs."""
        ...


@dataclass(frozen=True, slots=True)
class Word:
    """A word in folded text; ``whole_run`` for ASCII letters and digits."""

    text: str
    whole_run: bool


class RustJieba:
    """jieba's Rust port. It takes a tenth of a second to load, so it is loaded when the first run is cut."""

    def __init__(self, words: Sequence[str] = ()) -> None:
        if find_spec("rjieba") is None:
            raise ImportError("rjieba")
        self._words = words
        self.name = f"rjieba {version('rjieba')} {_digest(words)}"

    def words(self, run: str) -> list[str]:
        """Return the words of a run, in order."""
        return [word for part in _parts(run) for word in self._cut(part, True)]

    def words_of_each(self, runs: Sequence[str]) -> Iterator[list[str]]:
        """Yield the words of each of some runs: cut as one text of lines, since to ask once costs a third of asking often."""
        if any(len(run) > LONGEST_RUN for run in runs):
            yield from map(self.words, runs)
            return
        for start in range(0, len(runs), _LINES):
            words: list[str] = []
            for word in self._cut("".join([f"{run}\n" for run in runs[start : start + _LINES]]), True):
                if word == "\n":
                    yield words
                    words = []
                else:
                    words.append(word)

    @cached_property
    def _cut(self) -> Callable[[str, bool], list[str]]:
        import rjieba  # noqa: PLC0415 - no wheel on some machines

        # The package has made one already, which takes as long as the import itself: it gets the words of most.
        jieba = rjieba if self._words == shipped_words() else rjieba.Jieba()
        for word in self._words:
            jieba.add_word(word, jieba.suggest_freq(word), None)
        cut: Callable[[str, bool], list[str]] = jieba.cut
        return cut


class PythonJieba:
    """jieba itself; the fallback, and the oracle of a differential test."""

    def __init__(self, words: Sequence[str] = ()) -> None:
        import logging  # noqa: PLC0415

        import jieba  # noqa: PLC0415 - a second to load: only where it is needed

        jieba.setLogLevel(logging.WARNING)
        tokenizer = jieba.Tokenizer()
        for word in words:
            tokenizer.add_word(word)
        self._cut = tokenizer.lcut
        self.name = f"jieba {version('jieba')} {_digest(words)}"

    def words(self, run: str) -> list[str]:
        """Return the words of a run, in order."""
        return [word for part in _parts(run) for word in self._cut(part)]

    def words_of_each(self, runs: Sequence[str]) -> Iterator[list[str]]:
        """Yield the words of each of some runs."""
        return map(self.words, runs)


def segmenter_of(home: Path) -> Segmenter:
    """Return the segmenter of a library: with the words that lie in its home folder, as ``words.txt``, and the shipped ones."""
    try:
        own = (home / "words.txt").read_text("utf-8-sig")
    except FileNotFoundError:
        return default_segmenter()
    except (OSError, UnicodeDecodeError) as error:
        raise BadWords(
            zh=f"无法读取 {home / 'words.txt'}：{error}；请存为 UTF-8 文本，每行一个词",
            en=f"can't read {home / 'words.txt'}: {error}; save it as UTF-8 text, one word a line",
        ) from error
    return _segmenter(tuple(dict.fromkeys((*shipped_words(), *_words(own)))))


def default_segmenter() -> Segmenter:
    """Return the fastest segmenter that this machine has, with the shipped words."""
    return _segmenter(shipped_words())


@cache
def shipped_words() -> tuple[str, ...]:
    """Return the names of programmes and offices that come with the program."""
    return _words((files("indexer") / "data" / "words.txt").read_text("utf-8"))


@lru_cache(maxsize=4)
def _segmenter(words: tuple[str, ...]) -> Segmenter:
    try:
        return RustJieba(words)
    except ImportError:
        return PythonJieba(words)


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a list, folded as texts are; only Han of two characters and more can be one."""
    lines = (fold(line) for line in text.splitlines() if not line.lstrip().startswith("#"))
    return tuple(dict.fromkeys(line for line in lines if len(line) > 1 and _HAN_ONLY.fullmatch(line)))


def _digest(words: Sequence[str]) -> str:
    return digest64(*words)


def words_of(folded: str, segmenter: Segmenter) -> list[Word]:
    """Return the words of folded text, punctuation left out."""
    found: list[Word] = []
    for run in _RUNS.finditer(folded):
        if run.lastgroup == "han":
            found += (Word(text, whole_run=False) for text in segmenter.words(run[0]))
        else:
            found.append(Word(run[0], whole_run=run.lastgroup == "ascii"))
    return found


def runs_of(folded: str, marks: str) -> list[str]:
    """Return the runs of folded text that are words or are cut into words, and each of some marks as a run of its own."""
    return _all_runs(marks).findall(folded)


def words_of_runs(runs: Sequence[str], segmenter: Segmenter) -> list[list[str]]:
    """Return the words of each of some runs of ``runs_of``, as ``words_of`` gives them of text; a mark is one."""
    found = [[run] for run in runs]
    han = [at for at, run in enumerate(runs) if _HAN_ONLY.match(run)]
    for at, words in zip(han, segmenter.words_of_each([runs[at] for at in han]), strict=True):
        found[at] = words
    return found


@cache
def _all_runs(marks: str) -> re.Pattern[str]:
    ungrouped = re.sub(r"\(\?P<[a-z]+>", "(?:", _RUNS.pattern)
    return re.compile(rf"[{re.escape(marks)}]|{ungrouped}")


def _parts(run: str) -> Iterator[str]:
    for start in range(0, len(run), LONGEST_RUN):
        yield run[start : start + LONGEST_RUN]
