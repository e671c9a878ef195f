"""Then and now: what a profile says of a place in the editions before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from layers.change.lasting import lasting_in
from maps.look.numbers import DASH, numeral, share_in_words
from maps.profiles.book import Record, people_of
from maps.profiles.former import former_places
from maps.svg.flow import flow_chart
from maps.words import of_change
from maps.words.how_sure import matched_in_words
from maps.words.sentences import capital

if TYPE_CHECKING:
    from layers.borough.borough import Borough
    from layers.change.change import EditionChange


@dataclass(frozen=True, kw_only=True)
class FormerPocket:
    """What became of a pocket of the edition before; ``became`` are ids and names of today's.

    ``id`` is that of its page where it is no more under it, else empty.
    """

    id: str
    name: str
    people: str
    fate: str
    kept: str
    became: list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class ThenAndNow:
    """The section of a profile: sentences, and tables ready to print.

    ``years`` are the editions'; ``times`` has a row for each number of editions in which small
    areas were in the most deprived tenth: words, areas, people. A borough has ``editions`` (year,
    small areas, in the worst tenth, in the worst fifth), ``former`` pockets and
    the ``flow`` with its rows (decile before, small areas, people; of these in a more deprived
    decile now, in the same, in a less deprived one); ``gone`` are the codes of MSOAs of the
    edition before that are no more; ``linked`` says what that word means.
    """

    said: list[str]
    years: tuple[str, ...]
    times: list[tuple[str, str, str]]
    editions: list[tuple[str, ...]]
    former: list[FormerPocket]
    gone: list[str]
    flow: Markup
    flow_rows: list[tuple[str, ...]]
    notes: list[str]
    linked: str = of_change.LINKED_MEANS


def then_and_now(
    borough: Borough, areas: Sequence[Record], *, pocket: Record | None = None
) -> ThenAndNow | None:
    """Describe an MSOA or a pocket, of which ``areas`` are the LSOAs; None without editions before.

    ``pocket`` is the pocket itself, where the place is one.
    """
    change = borough.change
    if change is None or not areas:
        return None
    year = borough.edition.population_year
    followed = pocket if change.followed else None
    came = (
        []
        if followed is None
        else [
            of_change.came_from(followed, change, year),
            matched_in_words(followed["matched_editions"], change.years[:-1]),
        ]
    )
    return ThenAndNow(
        said=[*came, *_lasted(borough, change, areas)],
        years=change.years,
        times=_times(borough, change, areas),
        editions=[],
        former=[],
        gone=[],
        flow=Markup(),
        flow_rows=[],
        notes=[
            *([of_change.LINKED_MEANS] if came else []),
            *_notes(borough, pocket is not None and pocket.get("fate") in {"split", "merged"}),
        ],
    )


def borough_then_and_now(borough: Borough, areas: Sequence[Record]) -> ThenAndNow | None:
    """Describe a borough, of which ``areas`` are all LSOAs; None without editions before."""
    change = borough.change
    if change is None:
        return None
    counts = [
        tuple(map(int, row))
        for row in change.counts.set_index("edition")
        .loc[list(change.years), ["lsoa_count", "worst_tenth_lsoas", "worst_fifth_lsoas"]]
        .itertuples(index=False)
    ]
    named = list(zip(change.years, counts, strict=True))
    before, now = ((year, count[1], count[0]) for year, count in named[-2:])
    censuses = (change.vintage, borough.edition.vintage)
    whole = borough.edition.whole
    gone = former_places(borough)
    said = [
        of_change.counted_then_and_now(before, now, censuses=censuses, whole=whole),
        *_lasted(borough, change, areas),
        of_change.moved(_sides(change), change.last, borough.edition.population_year),
        of_change.pockets_then(_fates(change), change.last, now[0])
        if change.followed
        else of_change.not_followed(change.last),
    ]
    return ThenAndNow(
        said=said,
        years=change.years,
        times=_times(borough, change, areas),
        editions=[
            (
                f"{year} (LSOAs of {censuses[year == now[0]]})",
                numeral(count[0]),
                *(of_change.cell_of(each, count[0]) for each in count[1:]),
            )
            for year, count in named
        ],
        former=_former(borough, change, [one.code for one in gone if one.folder == "pockets"]),
        gone=[one.code for one in gone if one.folder == "profiles"],
        flow=_flow(borough, change),
        flow_rows=_flow_rows(change),
        notes=_notes(borough, change.followed and len(change.before) > 0),
    )


def _notes(borough: Borough, boundary: bool) -> list[str]:
    said = [of_change.CANNOT_TELL, *([of_change.BOUNDARY] if boundary else [])]
    return [*said, *borough.lacking_change]


def _lasted(borough: Borough, change: EditionChange, areas: Sequence[Record]) -> list[str]:
    overall = borough.edition.layer(borough.edition.overall)
    codes = [area["area_code"] for area in areas]
    every = lasting_in(borough.edition, borough.lsoa.loc[codes], times=len(change.years))
    always = [area for area in areas if every[area["area_code"]]]
    estimated = sum(bool(area[overall.lasting("estimated")]) for area in areas)
    said = [
        of_change.lasted(
            (len(always), len(areas)),
            (people_of(always), people_of(areas)),
            change.years,
            borough.edition.population_year,
            borough.edition.whole,
        ),
        of_change.redrawn(estimated, len(areas), change.vintage),
    ]
    return [sentence for sentence in said if sentence]


def _times(
    borough: Borough, change: EditionChange, areas: Sequence[Record]
) -> list[tuple[str, str, str]]:
    """Return a row for each number of editions: in words, small areas, people."""
    column = borough.edition.layer(borough.edition.overall).lasting("tenth")
    rows = []
    of = len(change.years)
    for times, label in zip(range(of, -1, -1), of_change.how_often(of), strict=True):
        own = [area for area in areas if area[column] == times]
        share = share_in_words(people_of(own), people_of(areas))
        people = f"{numeral(people_of(own))} ({share})" if own else numeral(0)
        rows.append((label, of_change.cell_of(len(own), len(areas)) if own else "0", people))
    return rows


def _former(borough: Borough, change: EditionChange, gone: Collection[str]) -> list[FormerPocket]:
    if not change.followed:
        return []
    names = {
        str(key): f"{int(row['number'])}, {row['name']}" for key, row in borough.pockets.iterrows()
    }
    ordered = change.before.sort_values("people_now", ascending=False, kind="stable")
    return [
        FormerPocket(
            id=str(key) if key in gone else "",
            name=str(row["name"]),
            people=numeral(row["people_now"]),
            fate=capital(of_change.FATES[row["fate"]]),
            kept=share_in_words(row["kept_pct"], 100),
            became=[(key, names[key]) for key in row["became"] if key in names],
        )
        for key, row in ordered.iterrows()
    ]


def _fates(change: EditionChange) -> dict[str, int]:
    counts = change.before["fate"].value_counts()
    return {str(fate): int(count) for fate, count in counts.items()}


def _sides(change: EditionChange) -> dict[str, tuple[int, int]]:
    """Count small areas and people that are in a more deprived decile, the same, a less one."""
    flow = change.flow
    way = (flow["decile_now"] - flow["decile_before"]).clip(-1, 1)
    sums = flow.groupby(way)[["lsoa_count", "population"]].sum()
    sums = sums.reindex([-1, 0, 1], fill_value=0).astype("int64")
    rows = sums.itertuples(index=False, name=None)
    return dict(zip(("toward", "same", "away"), rows, strict=True))


def _flow(borough: Borough, change: EditionChange) -> Markup:
    now = change.years[-1]
    told = "; ".join(
        f"{row[0]}: {row[1]} small areas, of which {row[3]} in a more deprived decile in {now},"
        f" {row[4]} in the same, {row[5]} in a less deprived one"
        for row in _flow_rows(change)
    )
    return flow_chart(
        change.flow,
        before=change.last,
        now=now,
        key="flow",
        title=f"Small areas of {borough.called} by decile in {change.last} and in {now}",
        description=f"By decile in {change.last}, {told}.",
    )


def _flow_rows(change: EditionChange) -> list[tuple[str, ...]]:
    rows = []
    for decile, own in change.flow.groupby("decile_before"):
        counts = dict.fromkeys((-1, 0, 1), 0)
        for now, areas in zip(own["decile_now"], own["lsoa_count"], strict=True):
            counts[(now > decile) - (now < decile)] += int(areas)
        sides = [numeral(count) if count else DASH for count in counts.values()]
        areas, people = int(own["lsoa_count"].sum()), int(own["population"].sum())
        rows.append((f"Decile {decile}", numeral(areas), numeral(people), *sides))
    return rows
