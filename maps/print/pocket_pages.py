"""The pages of an atlas that list pockets, and the small areas that are in none."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from maps.look.numbers import DASH, amount, counted, numeral, or_dash, percentage
from maps.made_of.fingerprint import spread_of
from maps.print.ground import BaseMap
from maps.print.listing import ListColumn
from maps.print.pages import Page, table_mm, table_pages
from maps.print.pocket_matrix import matrix_pages
from maps.words.across import across_the_line
from maps.words.alone import alone
from maps.words.captions import rule_in_words
from maps.words.how_sure import (
    earlier_pockets,
    recurrence_in_words,
    recurrence_share,
    there_in,
)
from maps.words.sentences import capital

if TYPE_CHECKING:
    from layers.borough.borough import Borough


def pocket_pages(borough: Borough, base: BaseMap) -> Iterator[Page]:
    """Yield the pages that list pockets and what is looked for beside them.

    Nothing of pockets where a borough has none, and no page of what there is none of.
    """
    yield from _pocket_lists(borough, base)
    yield from matrix_pages(borough, base)
    yield from _across_lists(borough, base)
    yield from _lists_of_areas(borough, base)


def _pocket_lists(borough: Borough, base: BaseMap) -> Iterator[Page]:
    if borough.pockets.empty:
        return
    columns = _pocket_columns(borough, table_mm(base))
    table = (columns, _pocket_rows(borough))
    words = ("List of pockets", rule_in_words(borough), _list_note(borough))
    yield from table_pages(borough, base, words, table)


def _across_lists(borough: Borough, base: BaseMap) -> Iterator[Page]:
    """Yield the pages that say which pockets touch others across the borough's line, if any do."""
    columns = [
        ListColumn("No.", 10),
        ListColumn("Pocket", 70),
        ListColumn("Across the line", table_mm(base) - 77),
    ]
    pockets = borough.pockets.sort_values("number")
    said = {code: across_the_line(borough, str(code)) for code in pockets.index}
    rows = [
        [str(row["number"]), str(row["name"]), "".join(text for text, _ in said[code])]
        for code, row in pockets.iterrows()
        if said[code]
    ]
    words = ("Across the borough’s line", "Pockets that touch pockets of other boroughs", "")
    if rows:
        yield from table_pages(borough, base, words, (columns, rows))


def _lists_of_areas(borough: Borough, base: BaseMap) -> Iterator[Page]:
    """Yield the pages of the small areas that are in no pocket and are looked for all the same."""
    width = table_mm(base)
    columns = [
        ListColumn("LSOA", 26),
        ListColumn("Name", 44),
        ListColumn("Neighbourhood", width - 106),
        ListColumn("People", 19, "right"),
        ListColumn(f"Decile in {borough.edition.whole}", 20, "right"),
    ]
    for _, title, rows in alone(borough):
        name, _, line = title.partition(": ")
        cells = [[row[key] for key in ("code", "name", "msoa", "people", "decile")] for row in rows]
        words = (name, capital(line), "")
        yield from table_pages(borough, base, words, (columns, cells))


def _list_note(borough: Borough) -> str:
    year, whole = borough.edition.population_year, borough.edition.whole
    count = borough.pocket_counts[borough.edition.overall]
    came_back = recurrence_in_words(borough.settings)
    return (
        f"People: mid-{year}. Score: overall deprivation, mean over people; beside it the"
        f" lowest and the highest of its LSOAs. Rank in {whole}: by"
        f" that score among {counted(count, 'pocket')}, 1 the most deprived. Worst tenth:"
        f" share of the pocket’s people in {whole}’s most deprived tenth. Came back: {came_back}."
        f" {there_in(earlier_pockets(borough))}"
    ).strip()


def _pocket_columns(borough: Borough, width_mm: float) -> list[ListColumn]:
    numbers = [
        ListColumn("LSOAs", 14, "right"),
        ListColumn("People", 15, "right"),
        ListColumn("Area, km²", 13, "right"),
        ListColumn("Score", 13, "right"),
        ListColumn("Scores of its LSOAs", 22, "right"),
        ListColumn(f"Rank in {borough.edition.whole}", 19, "right"),
        ListColumn("Worst tenth", 14, "right"),
        ListColumn("Came back", 14, "right"),
        *([ListColumn("There in", 20, "right")] if earlier_pockets(borough) else []),
    ]
    used = 10 + sum(column.width_mm for column in numbers)
    return [ListColumn("No.", 10), ListColumn("Pocket", width_mm + 3 - used), *numbers]


def _pocket_rows(borough: Borough) -> list[list[str]]:
    overall = borough.edition.layer(borough.edition.overall)
    pockets = borough.pockets.sort_values("number")
    ranks = pockets.get(overall.own_rank("england"), pd.Series(math.nan, pockets.index))
    followed = bool(earlier_pockets(borough))
    return [
        [
            str(row["number"]),
            str(row["name"]),
            numeral(row["lsoa_count"]),
            numeral(row["population"]),
            numeral(row["area_km2"], 1),
            amount(row[overall.value], overall),
            spread_of(row, overall) or DASH,
            or_dash(numeral(rank), rank),
            _share(row["worst_decile_pct"]),
            recurrence_share(row),
            *([", ".join(row["matched_editions"]) or DASH] if followed else []),
        ]
        for (_, row), rank in zip(pockets.iterrows(), ranks, strict=True)
    ]


def _share(percent: float) -> str:
    return or_dash(percentage(percent), percent)
