"""What the page about the bridge between two censuses tells, from its report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from layers.borough.bridge_report import BridgeReport
from layers.kinds.registry import kind_of
from layers.layer import Edition, Layer
from maps.look.numbers import numeral, percentage
from maps.words.sentences import listed

KINDS_OF_LINK = {
    "U": "U, unchanged",
    "S": "S, one split into several",
    "M": "M, several merged into one",
    "X": "X, irregular: several and several",
}

Told = dict[str, Any]


def bridge_told(report: BridgeReport, edition: Edition, boroughs: Mapping[str, str]) -> Told:
    """Return the rows and sentences of the page, as its template reads them.

    ``boroughs`` are the names, by code, of those that were built.
    """
    return {
        "bridge": report,
        "built": _built(report, boroughs),
        "links": [_link(str(letter), row) for letter, row in report.links.iterrows()],
        "carried": [
            _carried(edition.layer(str(layer_id)), row)
            for layer_id, row in report.carried.iterrows()
        ],
        "conserved": conserved(report, edition.whole),
        "moved": _moved(report),
        "counts": [_count(report, edition.layer(str(key)), edition) for key in report.counts.index],
    }


def conserved(report: BridgeReport, whole: str) -> str:
    """Say what is conserved of people who are carried as any count would be.

    Whatever is not conserved is named.
    """
    people, broken = report.people, report.people.broken
    kinds = people.kinds
    estimated = 100 * float(kinds["estimated"].sum()) / people.before
    total = (
        f"The {numeral(people.before)} people of mid-{report.year} are {numeral(people.after)}"
        f" when they are carried, {percentage(estimated)} of them divided by the people of today"
        " between the parts of former areas."
    )
    if not broken["families"] and not broken["places"]:
        kept = f"Each of {numeral(len(people.families))} families keeps its own, and so does"
        return f"{total} {kept} {whole}; so does every district but those named below."
    codes = [*broken["families"], *(report.names.get(code, code) for code in broken["places"])]
    return f"{total} Not conserved: {listed(codes)}."


def _link(letter: str, row: Any) -> Told:
    return {"kind": KINDS_OF_LINK[letter]} | {
        str(name): numeral(value) for name, value in row.items()
    }


def _built(report: BridgeReport, boroughs: Mapping[str, str]) -> list[Told]:
    """Return the links of the boroughs that were built, and of all of them where there are more."""
    known = report.districts.reindex(list(boroughs), fill_value=0)
    rows = [(boroughs[str(code)], row) for code, row in known.iterrows()]
    if len(rows) > 1:
        rows.append(("All of these", known.sum()))
    return [
        {"name": name} | {str(letter): numeral(count) for letter, count in row.items()}
        for name, row in rows
    ]


def _carried(layer: Layer, row: Any) -> Told:
    return {
        "title": layer.title,
        "areas": f"{numeral(row['areas'])} {layer.geography}s",
        "people": percentage(row["people_pct"]),
        **{name: numeral(row[name]) for name in ("unchanged", "merged", "parts", "estimated")},
    }


def _moved(report: BridgeReport) -> list[Told]:
    return [
        {
            "family": row["family"],
            "place": report.names.get(row["place"], row["place"]),
            "before": numeral(row["before"], 2),
            "after": numeral(row["after"], 2),
            "difference": ("+" if row["difference"] > 0 else "") + numeral(row["difference"], 2),
        }
        for row in report.people.across.to_dict("records")
    ]


def _count(report: BridgeReport, layer: Layer, edition: Edition) -> Told:
    """Say where the counts of a layer are, and which belong to no single district."""
    counts = kind_of(layer).counts
    assert counts is not None
    row = report.counts.T[layer.id].astype("float64").to_dict()
    unit = kind_of(layer).columns[counts.over]["unit"]
    said = (
        f"Of {numeral(row['all'])} {unit} in {edition.whole}, {numeral(row['own'])} are those of"
        f" MSOAs that have {unit} of their own, and {numeral(row['families'])} of former ones that"
        f" are divided. Districts hold {numeral(row['districts'])};"
        f" {numeral(row['all'] - row['districts'])} belong to no single one. None is divided, none"
        " lost and none counted twice."
    )
    rows = [
        {"family": code, "places": places, "count": numeral(number)}
        for code, places, number in report.across[["places", layer.id]].itertuples()
    ]
    return {"title": layer.short, "unit": unit, "said": said, "rows": rows}
