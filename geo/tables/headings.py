"""Where the columns of a record stand in a sheet: by their headings, or by the cells of these."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geo.codes import nearest_names
from geo.errors import some
from geo.sources import CODE, TableSpec
from geo.tables.sheets import Sheet, column_letters, text_of


@dataclass(frozen=True, kw_only=True)
class Positions:
    """The positions of columns in a sheet, from 0.

    ``columns`` are those of each column of ours: several where it is the sum of several of theirs;
    it is left out where one of these is lacking. ``only`` are those of the columns that decide
    which rows are kept, by their headings. ``lacking`` counts the headings that do not stand there
    once, and ``problems`` says so in words.
    """

    columns: Mapping[str, tuple[int, ...]]
    only: Mapping[str, int]
    lacking: int
    problems: tuple[str, ...]

    @property
    def all(self) -> list[int]:
        """Return every position, once."""
        listed = [place for places in self.columns.values() for place in places]
        return list(dict.fromkeys([*listed, *self.only.values()]))


def find_columns(sheet: Sheet, spec: TableSpec) -> Positions:
    """Find the columns of a table in a sheet."""
    columns = {ours: _found(sheet, spec, ours, theirs) for ours, theirs in _asked(sheet, spec)}
    only = {theirs: _found(sheet, spec, theirs, (theirs,)) for theirs in spec.only}
    every = [*columns.values(), *only.values()]
    return Positions(
        columns={ours: places for ours, (places, lacking, _) in columns.items() if not lacking},
        only={theirs: places[0] for theirs, (places, lacking, _) in only.items() if not lacking},
        lacking=sum(lacking for _, lacking, _ in every),
        problems=tuple(problem for _, _, problems in every for problem in problems),
    )


def columns_of(spec: TableSpec) -> dict[str, tuple[str, ...]]:
    """Return the publisher's headings of each column of ours, that of the codes among them."""
    asked = {CODE: spec.key, **spec.text, **spec.numbers}
    return {
        ours: (theirs,) if isinstance(theirs, str) else tuple(theirs)
        for ours, theirs in asked.items()
    }


def _asked(sheet: Sheet, spec: TableSpec) -> list[tuple[str, tuple[str, ...]]]:
    """Return our columns with the headings that a file should have, less those it may lack."""
    there, asked = set(sheet.head[spec.header - 1]), columns_of(spec)

    def lacks(ours: str) -> bool:
        return there.isdisjoint(map(text_of, asked[ours]))

    for ours, other in spec.also.items():
        if lacks(ours) and text_of(other) in there:
            asked[ours] = (other,)
    groups = [group for group in spec.optional.values() if all(map(lacks, group))]
    without = {ours for group in groups for ours in group} | set(filter(lacks, spec.rests))
    return [(ours, theirs) for ours, theirs in asked.items() if ours not in without]


def _found(
    sheet: Sheet, spec: TableSpec, ours: str, theirs: Sequence[str]
) -> tuple[tuple[int, ...], int, list[str]]:
    """Return the positions of some headings, how many are lacking, and what there is to say."""
    wanted = [text_of(heading) for heading in theirs]
    if ours in spec.at:
        places, problems = _in_cell(sheet, spec.at[ours], wanted[0])
    else:
        places, problems = _in_row(sheet.head[spec.header - 1], wanted, spec.header)
    return tuple(places), len(wanted) - len(places), problems


def _in_row(headings: list[str], wanted: list[str], row: int) -> tuple[list[int], list[str]]:
    places, absent, problems = [], [], []
    for heading in wanted:
        here = [place for place, found in enumerate(headings) if found == heading]
        if len(here) == 1:
            places += here
        elif here:
            columns = some(column_letters(place) for place in here)
            problems.append(f"the column “{heading}” stands {len(here)} times ({columns})")
        else:
            absent.append(heading)
    if absent:
        listed = some(f"“{heading}”" for heading in absent)
        nearest = some(f"“{name}”" for name in nearest_names(absent[0], filter(None, headings)))
        near = (
            f"the nearest is {nearest}" if nearest else f"there is {some(filter(None, headings))}"
        )
        problems.append(f"row {row} has no column {listed}; {near}")
    return places, problems


def _in_cell(sheet: Sheet, cell: str, wanted: str) -> tuple[list[int], list[str]]:
    match = re.fullmatch(r"([A-Z]+)([0-9]+)", cell)
    if match is None:
        return [], [f"the record's “at” is no cell: “{cell}”"]
    letters, row = match[1], int(match[2])
    place = -1
    for letter in letters:
        place = (place + 1) * 26 + ord(letter) - ord("A")
    line = sheet.head[row - 1] if row <= len(sheet.head) else []
    found = line[place] if place < len(line) else ""
    if found == wanted:
        return [place], []
    return [], [f"cell {cell} should hold “{wanted}” and holds “{found}”"]
