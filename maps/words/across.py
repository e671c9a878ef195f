"""Pockets that touch across a borough's line: which, and what they are together."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from boundaries.names import in_a_sentence
from maps.look.numbers import counted, in_year, numeral

if TYPE_CHECKING:
    from layers.borough.borough import Borough

PocketAddress = Callable[[str, str], str]
"""Where the page of a pocket is, by its borough's code and its id; empty where there is none."""


def across_the_line(
    borough: Borough, pocket_id: str, address: PocketAddress = lambda *_: ""
) -> list[tuple[str, str]]:
    """Say which pockets of other boroughs one touches: a sentence in parts, each with its address.

    Most parts lead nowhere; together they read as a sentence. Nothing is said of a pocket that
    touches none.
    """
    pocket = borough.pockets.loc[pocket_id]
    others = borough.joined.members.reindex(pocket["neighbour_pockets"])
    if others.empty:
        return []
    said = [("It touches ", "")]
    for at, (other, row) in enumerate(others.sort_values(["lad_name", "number"]).iterrows(), 1):
        before = "" if at == 1 else " and " if at == len(others) else ", "
        said += [(before, ""), (pocket_in_words(row), address(str(row["lad_code"]), str(other)))]
    whole = borough.joined.pockets.loc[pocket["joined_pocket"]]
    direct = int(whole["pocket_count"]) == len(others) + 1
    end = f" across the borough’s line: {_together(whole, direct=direct)}."
    return [part for part in (*said, (end, "")) if part[0]]


def pocket_in_words(member: pd.Series[Any]) -> str:
    """Name a pocket of a joined one by its number, its borough and its name."""
    place = in_a_sentence(str(member["lad_name"]))
    return f"pocket {member['number']} of {place} ({member['name']})"


def _together(whole: pd.Series[Any], *, direct: bool) -> str:
    """Say who lives in a joined pocket; ``direct`` where all of it has been named."""
    year = int(whole["population_year"])
    people = in_year(f"{numeral(whole['population'])} people", year)
    boroughs = counted(len(whole["lad_codes"]), "borough")
    if direct:
        return f"together {people} in {boroughs}"
    pockets = counted(int(whole["pocket_count"]), "pocket")
    return f"with those that these touch in turn, {pockets} with {people} in {boroughs}"
