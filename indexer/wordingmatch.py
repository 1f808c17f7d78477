"""Which sentences of matching sections a query matches (docs/wording.md): the plan asked of each sentence alone.

As in contract 4.2, each node is *no*, *context*, *neutral* or *own* for a sentence. Own is what the sentence itself has;
context is what stands around it: the section's heading, the headings above, the report's title, agency and region.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.deadline import Deadline
from indexer.matching import nearby_test, text_leaves
from indexer.query import And, AtLeast, MatchAll, Nearby, Node, Not, Or, Phrase, Plan, Scope
from indexer.wordingstore import Flags, Numbers, WordingStore

_States: TypeAlias = NDArray[np.int8]
_NO: Final = 0
_CONTEXT: Final = 1
_NEUTRAL: Final = 2
_OWN: Final = 3


@dataclass(frozen=True, slots=True)
class SentenceQuery:
    """A plan over the sentences of a store."""

    store: WordingStore
    plan: Plan
    scope: Scope
    deadline: Deadline

    def matching(self, sections: Numbers) -> Numbers:
        """Return the sentences that match, of sections that match; in the order of the sections given.

        With scope "report" those that have any text that is looked for (contract 4.6).
        """
        sentences = self.store.sentences_of(sections)
        self.deadline.check()
        plan = self.plan
        if self.scope == "report" and (leaves := tuple(text_leaves(plan))):
            plan = Or(leaves)
        found: Numbers = sentences[self._states(plan, sentences, alone=True) >= _NEUTRAL]
        return found

    @property
    def decides_alone(self) -> bool:
        """Whether what matches a sentence matches its section: no fields, no negation, conditions on one section."""
        return self.scope == "section" and _is_text(self.plan)

    def matching_anywhere(self, sections: Flags) -> Numbers:
        """Return the sentences that match, of sections that pass; for plans that decide alone."""
        sentences = self.with_any_leaf(sections)
        self.deadline.check()
        if isinstance(self.plan, Phrase):
            return sentences
        found: Numbers = sentences[self._states(self.plan, sentences) >= _NEUTRAL]
        return found

    def with_any_leaf(self, sections: Flags) -> Numbers:
        """Return the sentences of some sections that have a leaf of the query, of near its first part."""
        leaves = dict.fromkeys(text_leaves(self.plan))
        phrases = [
            (leaf.text, leaf.whole_run) if isinstance(leaf, Phrase) else (leaf.parts[0], False) for leaf in leaves
        ]
        sentences = self.store.sentences_with(phrases)
        found: Numbers = sentences[sections[self.store.section_of[sentences]]]
        return found

    def weights(self, sentences: Numbers) -> NDArray[np.int64]:
        """Return how many of the query's leaves each sentence has, near counted as one."""
        weights = np.zeros(len(sentences), np.int64)
        for leaf in dict.fromkeys(text_leaves(self.plan)):
            weights += self._own(leaf, sentences)
        return weights

    def _states(self, plan: Node, sentences: Numbers, alone: bool = False) -> _States:
        self.deadline.check()
        if isinstance(plan, And):
            return _conjunction([self._states(child, sentences) for child in plan.children], len(sentences))
        if isinstance(plan, Or):
            # What a field says of the section was decided there: beside text it can't make every sentence match.
            spoken = [child for child in plan.children if _has_text(child)] or list(plan.children)
            every = [self._states(child, sentences) for child in spoken]
            best: _States = np.max(np.stack(every), axis=0) if every else _all(_NO, sentences)
            return best
        if isinstance(plan, AtLeast):
            return self._at_least(plan, sentences)
        if isinstance(plan, Phrase | Nearby) and plan.field is None and plan != Phrase(""):
            own = self._own(plan, sentences)
            states = np.where(own, np.int8(_OWN), np.int8(_NO))
            if isinstance(plan, Phrase) and plan.context and not alone:
                states[self._around(plan, sentences) & ~own] = _CONTEXT
            return states
        return _all(_NEUTRAL, sentences)

    def _at_least(self, plan: AtLeast, sentences: Numbers) -> _States:
        owns = [self._own(phrase, sentences) for phrase in plan.phrases]
        met = sum(
            (
                (own | self._around(phrase, sentences)).astype(np.int64)
                for own, phrase in zip(owns, plan.phrases, strict=True)
            ),
            np.zeros(len(sentences), np.int64),
        )
        states = _all(_NO, sentences)
        enough = met >= plan.count
        states[enough] = _CONTEXT
        states[enough & np.any(np.stack(owns), axis=0)] = _OWN
        return states

    def _own(self, leaf: Phrase | Nearby, sentences: Numbers) -> Flags:
        texts = self.store.text_of[sentences]
        if isinstance(leaf, Phrase):
            return self.store.holds(texts, leaf.text, leaf.whole_run) if leaf.text else np.ones(len(texts), np.bool_)
        both = np.ones(len(texts), np.bool_)
        for part in leaf.parts:
            both &= self.store.holds(texts, part, False)
        test = nearby_test(leaf, self.deadline.check)
        distinct, places = np.unique(texts[both], return_inverse=True)
        near = np.array([test(text) for text in self.store.texts(distinct)], np.bool_)
        both[both] = near[places] if len(near) else both[both]
        return both

    def _around(self, phrase: Phrase, sentences: Numbers) -> Flags:
        if not phrase.context:
            return np.zeros(len(sentences), np.bool_)
        flags: Flags = self.store.around(phrase.text, phrase.whole_run)[self.store.section_of[sentences]]
        return flags


def _conjunction(states: list[_States], size: int) -> _States:
    """Return contract 4.2's And: no if one is no; else own if one is own; else context if one is; else neutral."""
    if not states:
        return np.full(size, _NEUTRAL, np.int8)
    held = np.stack(states)
    found = np.full(size, _NEUTRAL, np.int8)
    found[np.any(held == _CONTEXT, axis=0)] = _CONTEXT
    found[np.any(held == _OWN, axis=0)] = _OWN
    found[np.any(held == _NO, axis=0)] = _NO
    return found


def _all(state: int, sentences: Numbers) -> _States:
    return np.full(len(sentences), state, np.int8)


def _is_text(plan: Node) -> bool:
    if isinstance(plan, And | Or):
        return bool(plan.children) and all(map(_is_text, plan.children))
    if isinstance(plan, AtLeast):
        return plan.count > 0 and all(map(_is_text, plan.phrases))
    return (isinstance(plan, Phrase) and plan.field is None and plan.text != "") or (
        isinstance(plan, Nearby) and plan.field is None
    )


def _has_text(plan: Node) -> bool:
    if isinstance(plan, And | Or):
        return any(map(_has_text, plan.children))
    if isinstance(plan, Not | MatchAll):
        return False
    return next(text_leaves(plan), None) is not None  # type: ignore[arg-type]  # a Plan's children are plans
