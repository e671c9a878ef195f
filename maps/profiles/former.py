"""Pages for addresses of the edition before whose place is no longer there: what became of it.

A link to the profile of a former neighbourhood (MSOA) that was redrawn, or of a pocket that is no
more under its id, lands on a page that says so and leads on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maps.look.numbers import in_year, numeral, share_in_words
from maps.words import of_change

if TYPE_CHECKING:
    from layers.borough.borough import Borough
    from layers.change.change import EditionChange


@dataclass(frozen=True, kw_only=True)
class FormerPlace:
    """A place that is no more: its folder, code and name, what became of it, and the way on.

    ``ways`` are codes with names, of places of today in the same folder.
    """

    folder: str
    kind: str
    code: str
    name: str
    said: str
    ways: list[tuple[str, str]]


def former_places(borough: Borough) -> list[FormerPlace]:
    """Return the places of a borough that had a page of their own in the edition before."""
    change = borough.change
    if change is None:
        return []
    return [*_msoas(borough, change), *(_pockets(borough, change) if change.followed else [])]


def _msoas(borough: Borough, change: EditionChange) -> list[FormerPlace]:
    now = borough.msoa["area_name"]
    found = []
    redrawn = change.redrawn[change.redrawn["level"] == "msoa"]
    for old, links in redrawn.groupby("old"):
        if old in now.index:
            continue
        became = [str(code) for code in links["new"]]
        others = [code for code in became if code not in now.index]
        told = of_change.became(str(links["link"].iloc[0]))
        elsewhere = f" {', '.join(others)} in another borough." if others else ""
        found.append(
            FormerPlace(
                folder="profiles",
                kind="MSOA",
                code=str(old),
                name=f"Former neighbourhood {old}",
                said=f"{old} is a code of the census of {change.vintage}, whose boundary has"
                f" changed: it {told} the neighbourhoods below.{elsewhere}",
                ways=[(code, str(now[code])) for code in became if code in now.index],
            )
        )
    return found


def _pockets(borough: Borough, change: EditionChange) -> list[FormerPlace]:
    names, now = borough.pockets["name"], change.years[-1]
    year = borough.edition.population_year
    found = []
    for key, row in change.before.iterrows():
        if key in names.index:
            continue
        kept = share_in_words(row["kept_pct"], 100)
        people = in_year(f"{numeral(row['people_now'])} people", year)
        found.append(
            FormerPlace(
                folder="pockets",
                kind="pocket",
                code=str(key),
                name=f"Former pocket {row['name']} ({change.last})",
                said=f"This was a pocket of the edition of {change.last}; by {now} it"
                f" {of_change.FATES[row['fate']]}. {people} live on its ground, {kept} of them in a"
                f" pocket of {now}. {of_change.LINKED_MEANS}",
                ways=[(code, str(names[code])) for code in row["became"] if code in names.index],
            )
        )
    return found
