"""Which reports another one of the same index stands for (contract 6.6). Pure."""

from __future__ import annotations

from collections.abc import Mapping


def stood_for(same_as: Mapping[str, str]) -> set[str]:
    """Return the reports that don't count, given what each one says is counted in its place ("": itself).

    Links are followed to their end; one that leads out of the index sets nothing; of a ring the smallest counts.
    """
    return copies_among({report: other for report, other in same_as.items() if other in same_as})


def copies_among(links: Mapping[str, str]) -> set[str]:
    """Return the reports that don't count, given the links between reports of the index."""
    return {report for report in links if _original(report, links) != report}


def _original(report: str, linked: Mapping[str, str]) -> str:
    path = [report]
    while (following := linked.get(path[-1])) is not None:
        if following in path:
            return min(path[path.index(following) :])
        path.append(following)
    return path[-1]
