"""Who made what a page shows: sources, attributions and licences, each said once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from layers.indicators import BEHIND
from layers.kinds.reading import OVER_YEARS

if TYPE_CHECKING:
    from geo.sources import Source
    from layers.borough.borough import Borough


def credited_sources(borough: Borough, roles: Iterable[str]) -> list[Source]:
    """Return the sources used for layers or roles of the ground, in order, each once."""
    found = {source.id: source for role in roles for source in borough.sources.get(role, ())}
    return list(found.values())


def used_sources(borough: Borough, *, years: bool = False, behind: bool = False) -> list[Source]:
    """Return all sources of a borough, in order, each once.

    Those of values of other years only with ``years``, and those of what is behind the Indices only
    with ``behind``: for pages that show these.
    """
    shown = {OVER_YEARS: years, BEHIND: behind}
    return credited_sources(borough, [role for role in borough.sources if shown.get(role, True)])


def all_sources(boroughs: Iterable[Borough], *, years: bool = False) -> list[Source]:
    """Return the sources of boroughs (see `used_sources`), by their ids, each once."""
    used = {
        source.id: source for borough in boroughs for source in used_sources(borough, years=years)
    }
    return [source for _, source in sorted(used.items())]


def source_lines(sources: Iterable[Source]) -> list[str]:
    """Credit sources: publisher, titles with editions, attribution, licence.

    Sources of one publisher under the same attribution and licence share a line; a licence that
    the attribution names already is not repeated.
    """
    return [f"{publisher}: {line}" for publisher, line in _credits(sources)]


def sources_by_publisher(sources: Iterable[Source]) -> list[dict[str, object]]:
    """Credit sources as `source_lines`, under a title a publisher, in the order of the titles."""
    groups: dict[str, list[str]] = {}
    for publisher, line in _credits(sources):
        groups.setdefault(publisher, []).append(line)
    return [{"title": publisher, "lines": lines} for publisher, lines in sorted(groups.items())]


def as_sentence(text: str) -> str:
    """End a text with one full stop, if it holds anything.

    >>> as_sentence("Open Government Licence v3.0"), as_sentence("")
    ('Open Government Licence v3.0.', '')
    """
    return f"{text.rstrip('. ')}." if text.strip() else ""


def _credits(sources: Iterable[Source]) -> list[tuple[str, str]]:
    """Return publishers, each with one line of what is used of it under the same terms."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for source in sources:
        titles = groups.setdefault((source.publisher, source.attribution, source.licence), [])
        title = f"{source.title} ({source.edition})"
        if title not in titles:
            titles.append(title)
    return [
        (publisher, _credit(attribution, licence, titles))
        for (publisher, attribution, licence), titles in groups.items()
    ]


def _credit(attribution: str, licence: str, titles: Sequence[str]) -> str:
    named = "" if _bare(licence) in _bare(attribution) else as_sentence(licence)
    parts = [f"{'; '.join(titles)}.", as_sentence(attribution), named]
    return " ".join(part for part in parts if part)


def _bare(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
