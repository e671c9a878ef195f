"""How sure a pocket is, in words: three kinds of evidence, each said apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from geo.space.recurrence import CORE_FROM, DOUBTFUL, EDGE, EDGE_FROM
from geo.space.rules import rule_of
from layers.findings.how_sure import CUT_BETWEEN, DRAWN_RULES, SCALE_BETWEEN
from layers.findings.pockets import Choice, other_rules
from layers.kinds.domain_weights import LEAST, MOST, WEIGHT_DRAWS
from maps.look.numbers import counted, or_dash, percentage, trimmed
from maps.words.sentences import listed

if TYPE_CHECKING:
    from layers.borough.borough import Borough

NOT_DRAWN = "How often it comes back is not worked out for this rule."
NO_ERROR = "A change of choices is no sampling error, of which the Indices publish none."


def came_back(pocket: Mapping[str, Any], memberships: Sequence[str]) -> str:
    """Say in how many draws a pocket came back, and which of its small areas hang on choices.

    ``memberships`` are those of its small areas (see `geo.space.recurrence.membership`).

    >>> came_back({"recurrence": 0.96}, ["core", "edge", "core", "doubtful"])
    'It came back in 96% of 200 reasonable ways of counting; 1 of its 4 small areas is on its edge \
and 1 is doubtful.'
    >>> came_back({"recurrence": 1.0}, ["core", "core"])
    'It came back in 100% of 200 reasonable ways of counting, with both of its small areas.'
    """
    share = pocket["recurrence"]
    if math.isnan(share):
        return NOT_DRAWN
    said = (
        f"It came back in {percentage(100 * share)} of {WEIGHT_DRAWS} reasonable ways of counting"
    )
    edge, doubtful = memberships.count(EDGE), memberships.count(DOUBTFUL)
    if not edge and not doubtful:
        return f"{said}, with {_every(memberships)} of its small areas."
    parts = [
        f"{_counted(count, memberships, named=not at)} {'is' if count == 1 else 'are'} {what}"
        for at, (count, what) in enumerate(
            (count, what)
            for count, what in ((edge, "on its edge"), (doubtful, "doubtful"))
            if count
        )
    ]
    return f"{said}; {' and '.join(parts)}."


def _every(memberships: Sequence[str]) -> str:
    return "both" if len(memberships) == 2 else f"all {len(memberships)}"


def _counted(count: int, memberships: Sequence[str], *, named: bool) -> str:
    """Count small areas of a pocket, with what they are where that has not been said yet."""
    if count == len(memberships):
        return f"{_every(memberships)} of its small areas"
    return f"{count} of its {len(memberships)} small areas" if named else str(count)


def sure_in_words(
    pocket: Mapping[str, Any], memberships: Sequence[str], borough: Borough
) -> list[str]:
    """Return the three kinds of evidence for a pocket, a sentence or two each.

    Whether it has lasted is said last, where pockets can be followed back to earlier editions.
    """
    said = [
        came_back(pocket, memberships),
        others_find(pocket, borough.settings),
        clustered(pocket, borough.edition.whole),
    ]
    if earlier := earlier_pockets(borough):
        said.append(matched_in_words(pocket["matched_editions"], earlier))
    return said


def earlier_pockets(borough: Borough) -> Sequence[str]:
    """Return the earlier editions to which a borough's pockets can be followed back, or none."""
    change = borough.change
    return change.years[:-1] if change is not None and change.followed else ()


def matched_in_words(matched: Sequence[str], earlier: Sequence[str]) -> str:
    """Say in which ``earlier`` editions a pocket matches one of this edition, and what that means.

    >>> matched_in_words(["2015", "2019"], ["2015", "2019"])
    'A pocket matching it was there in 2015 and 2019: of the people who live in either, at least \
half live in both.'
    >>> matched_in_words(["2019"], ["2015", "2019"])
    'A pocket matching it was there in 2019, and none in 2015: of the people who live in either, \
at least half live in both.'
    >>> matched_in_words([], ["2015", "2019"])
    'No pocket matching it was there in 2015 or 2019: one matches where, of the people who live \
in either, at least half live in both.'
    """
    means = "of the people who live in either, at least half live in both."
    lacking = " or ".join(year for year in earlier if year not in matched)
    if not matched:
        return f"No pocket matching it was there in {lacking}: one matches where, {means}"
    none = f", and none in {lacking}" if lacking else ""
    return f"A pocket matching it was there in {listed(matched)}{none}: {means}"


def there_in(earlier: Sequence[str]) -> str:
    """Say what a list of pockets means by “There in”; nothing where none can be followed back.

    >>> there_in(["2015", "2019"])
    'There in: earlier editions (of 2015 and 2019) with a pocket matching it, a dash where neither \
has: of the people who live in either pocket, at least half live in both.'
    >>> there_in([])
    ''
    """
    if not earlier:
        return ""
    none = {1: "it has none", 2: "neither has"}.get(len(earlier), "none has")
    return (
        f"There in: earlier editions (of {listed(earlier)}) with a pocket matching it, a dash where"
        f" {none}: of the people who live in either pocket, at least half live in both."
    )


def others_find(pocket: Mapping[str, Any], settings: Mapping[str, object]) -> str:
    """Say how many of the other rules find a pocket too.

    >>> others_find({"found_by": 1}, {})
    '1 of 4 other rules finds it too.'
    """
    others, found = len(other_rules(Choice.of(settings))), pocket["found_by"]
    return f"{found or 'None'} of {others} other rules {'find' if found > 1 else 'finds'} it too."


def clustered(pocket: Mapping[str, Any], whole: str) -> str:
    """Say how much of a pocket lies where deprivation is clustered in the whole country.

    >>> place = {"cluster_lsoas": 4, "lsoa_count": 9, "cluster_people_pct": 41.3}
    >>> clustered(place, "England")
    '4 of its 9 small areas, with 41% of its people, lie in a significant cluster of high \
deprivation within England.'
    """
    count = pocket["cluster_lsoas"]
    place = f"in a significant cluster of high deprivation within {whole}"
    if not count:
        return f"None of its small areas lies {place}."
    lie = "lies" if count == 1 else "lie"
    share = percentage(pocket["cluster_people_pct"])
    areas = f"{count} of its {counted(pocket['lsoa_count'], 'small area')}"
    return f"{areas}, with {share} of its people, {lie} {place}."


def recurrence_share(pocket: Mapping[str, Any]) -> str:
    """Write the share of draws in which a pocket came back, a dash where it is not worked out."""
    return or_dash(percentage(100 * pocket["recurrence"]), pocket["recurrence"])


def recurrence_in_words(settings: Mapping[str, object]) -> str:
    """Say what “came back” means, to stand within a sentence; ``settings`` are of a borough.

    >>> recurrence_in_words({})
    'the share of 200 ways of counting in which some pocket has half of the people of both: each \
changes the weight of every domain (× 0.5 to 1.5), the cut-off (the most deprived 15% to 25%), the \
scale of reading (3 to 8 points) and what counts as touching'
    """
    choice = Choice.of(settings)
    if choice.rule not in DRAWN_RULES:
        return f"not worked out for the rule “{choice.rule}”"
    usual = 20 if choice.limit is None else 10 * choice.limit
    own = "" if rule_of(choice.rule).limit else " of the borough"
    cut = " to ".join(percentage(usual * end) for end in CUT_BETWEEN)
    scale = " to ".join(trimmed(choice.tau * end) for end in SCALE_BETWEEN)
    return (
        f"the share of {WEIGHT_DRAWS} ways of counting in which some pocket has half of the people"
        f" of both: each changes the weight of every domain (× {LEAST} to {MOST}), the cut-off (the"
        f" most deprived {cut}{own}), the scale of reading ({scale} points) and what counts as"
        " touching"
    )


MEMBERSHIP_IN_WORDS = (
    f"A small area is core where it lies in the matching pocket in {percentage(100 * CORE_FROM)} of"
    f" the ways or more, on the edge from {percentage(100 * EDGE_FROM)}, and doubtful below."
)
