from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from layers.layer import edition
from maps.look.numbers import people_counted
from maps.words import sentences
from maps.words.rules import on_layers


def borough(populations, *, edition_id="2019", settings=None, people=1000, **told):
    names = ["Kirkdale & Vauxhall", "Speke"][: len(populations)]
    overall = edition(edition_id).layer("imd_2019").value
    pockets = pd.DataFrame(
        {
            "number": range(1, len(populations) + 1),
            "name": names,
            "population": populations,
            "worst_decile_people": [100, 50][: len(populations)],
            overall: [40.0, 50.0][: len(populations)],
            "highest_mean_share": [0.1, 0.89][: len(populations)],
            **told,
        }
    )
    return SimpleNamespace(
        name="Northmere",
        called="Northmere",
        edition=edition(edition_id),
        pockets=pockets.iloc[::-1],
        lsoa=pd.DataFrame({"population": [people / 2] * 2}),
        settings=settings or {"rule": "national", "d": 2},
    )


def test_finding_counts_pockets_and_people_with_their_year():
    assert sentences.finding(borough([400, 220])) == (
        "Northmere has 2 pockets of deprivation, home to 62% of its people (mid-2015)."
        " The pocket with most people in England’s most deprived tenth is around Kirkdale &"
        " Vauxhall."
    )


@pytest.mark.parametrize(
    ("told", "end"),
    [
        (
            {"highest_mean_share": [0.1, 0.9]},
            "most deprived tenth is around Kirkdale & Vauxhall; the one with the highest average"
            " score, around Speke.",
        ),
        (
            {"imd_2019_score": [60.0, 50.0], "highest_mean_share": [0.95, 0.05]},
            "is around Kirkdale & Vauxhall, which has the highest average score too.",
        ),
        (
            {"worst_decile_people": [0, 0]},
            "The pocket with most people is around Kirkdale & Vauxhall.",
        ),
        (
            {"highest_mean_share": [float("nan")] * 2},
            "most deprived tenth is around Kirkdale & Vauxhall.",
        ),
    ],
)
def test_the_highest_mean_is_named_only_where_it_keeps_its_place(told, end):
    assert sentences.finding(borough([400, 220], **told)).endswith(end)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ([True, False], "(mid-2015), and 1 single small area (50%). The pocket"),
        ([True, True], "(mid-2015), and 2 single small areas (all). The pocket"),
        ([False, False], "(mid-2015). The pocket"),
    ],
)
def test_single_neighbourhoods_are_counted_in_the_finding(flags, said):
    place = borough([400, 220])
    place.lsoa["single"] = flags
    assert said in sentences.finding(place)
    none = borough([])
    none.lsoa["single"] = flags
    assert ("It has" in sentences.finding(none)) == any(flags)


def test_a_part_of_a_place_is_so_within_a_sentence_too():
    parts = ["Part of Kirkdale & Vauxhall", "Part of Speke"]
    told = sentences.finding(borough([400, 220], name=parts, highest_mean_share=[0.1, 0.95]))
    assert "tenth is around part of Kirkdale & Vauxhall;" in told
    assert told.endswith("highest average score, around part of Speke.")
    assert sentences.finding(borough([400], name=parts[:1])).endswith(
        "It is around part of Kirkdale & Vauxhall."
    )


def test_finding_of_one_pocket():
    assert sentences.finding(borough([400])) == (
        "Northmere has one pocket of deprivation, home to 40% of its people (mid-2015)."
        " It is around Kirkdale & Vauxhall."
    )


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"rule": "national", "d": 1}, "both in the most deprived tenth of England."),
        ({"rule": "national", "d": 2}, "both in the most deprived fifth of England."),
        ({"rule": "borough"}, "both in the most deprived fifth of Northmere."),
    ],
)
def test_finding_without_pockets_says_what_was_looked_for(settings, reason):
    said = sentences.finding(borough([], settings=settings))
    assert said.startswith("Northmere has no pocket of deprivation: no two small areas that touch")
    assert said.endswith(reason)


def test_finding_of_a_fictional_place_says_so():
    said = sentences.finding(borough([400], edition_id="sample"))
    assert said.startswith("Northmere (a fictional place) has one pocket")
    none = sentences.finding(borough([], edition_id="sample"))
    assert none.endswith("the most deprived fifth of the sample.")


@pytest.mark.parametrize(
    ("districts", "said"),
    [
        ({"E08000012": "Liverpool"}, []),
        ({"E06900001": "Northmere"}, []),
        (
            {"E06000050": "Cheshire West and Chester", "E08000015": "Wirral", "E08000012": "L"},
            ["Cheshire West and Chester and Wirral lie along the border with Wales."],
        ),
        (
            {"E06000057": "Northumberland", "E06000051": "Shropshire"},
            [
                "Northumberland lies along the border with Scotland.",
                "Shropshire lies along the border with Wales.",
            ],
        ),
    ],
)
def test_districts_along_a_border_say_that_nothing_beyond_it_is_seen(districts, said):
    rest = " Neighbours on the other side are not in the data, so clusters and pockets stop there."
    assert sentences.along_borders(districts) == [f"{start}{rest}" for start in said]


@pytest.mark.parametrize(
    ("counts", "least", "said"),
    [
        ((9, 4.6, 2, 8), 3, "expect about 5 small areas in the worst fifth of England on at"),
        ((9, 4.6, 2, 8), 3, "on at least 3 of the 4 layers (95% of arrangements: 2 to 8);"),
        ((9, 4.6, 2, 8), 3, "there are 9."),
        ((1, 1.2, 0, 3), 4, "expect about 1 small area in the worst fifth of England on all 4"),
        ((1, 1.2, 0, 3), 4, "on all 4 layers (95% of arrangements: 0 to 3); there is 1."),
        ((2, 0.3, 0, 1), 4, "expect no small area in the worst fifth"),
        ((1204, 1000, 900, 1100), 3, "900 to 1,100); there are 1,204."),
    ],
)
def test_overlap_is_compared_with_layers_placed_independently(counts, least, said):
    names = ("areas", "expected_areas", "lower", "upper")
    met = on_layers(least, 4)
    found = sentences.against_chance(dict(zip(names, counts, strict=True)), met, "England")
    assert found.startswith("If each layer were placed independently, as smooth as it is, we would")
    assert said in found


@pytest.mark.parametrize(
    ("layer_id", "count", "said"),
    [
        ("imd_2019_income", 0.488 * 1884, "about 919 people (mid-2015)"),
        ("imd_2019_income", 0.251 * 484578.0, "about 121,629 people (mid-2015)"),
        ("imd_2019_employment", 0.0006 * 1700.25, "about 1 person of working age (mid-2015)"),
        ("imd_2019_employment", 0.316 * 1075.5, "about 340 people of working age (mid-2015)"),
        ("imd_2019_income", float("nan"), ""),
    ],
)
def test_a_share_of_people_is_said_in_people_with_their_year(layer_id, count, said):
    assert people_counted(count, edition("2019").layer(layer_id), 2015) == said


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (
            [(52, 6791, "England"), (3, 20, "Ash")],
            "more deprived than 99 in 100 places of England (52nd of 6,791, counted from the most"
            " deprived). In Ash it is 3rd of 20.",
        ),
        (
            [(6791, 6791, "England"), (1, 1, "Scilly")],
            "less deprived than 99 in 100 places of England (6,791st of 6,791, counted from the"
            " most deprived).",
        ),
        (
            [(5094, 6791, "England"), (float("nan"), 3, "Elm")],
            "less deprived than 74 in 100 places of England (5,094th of 6,791, counted from the"
            " most deprived).",
        ),
        ([(1, 6791, "England")], "the most deprived of the 6,791 places of England."),
        (
            [(4, 17, "Ash")],
            "more deprived than 13 of the other 16 places of Ash (4th of 17, counted from the most"
            " deprived).",
        ),
        ([(1, 1, "Scilly")], ""),
    ],
)
def test_a_place_stands_among_others_of_its_kind(places, said):
    found = sentences.standing("places", places)
    assert found == (f"Overall it is {said}" if said else "")


@pytest.mark.parametrize(
    ("ratio", "limits", "verdict"),
    [
        (1.2, (1.01, 1.42), "more than expected"),
        (1.2, (0.98, 1.45), "not clearly different from expected"),
        (1.0, (1.0, 1.0), "not clearly different from expected"),
        (0.8, (0.62, 1.02), "not clearly different from expected"),
        (0.8, (0.64, 0.99), "fewer than expected"),
        (3.3, (0.9, 8.1), "not clearly different from expected"),
        (0.1, (0.0, 1.3), "not clearly different from expected"),
    ],
)
def test_deaths_differ_from_expected_only_where_chance_does_not_explain_it(ratio, limits, verdict):
    said = sentences.mortality(12, 10, ratio, limits, period="Deaths registered in 2020")
    assert said.endswith(f": {verdict}.")


def test_deaths_without_a_ratio_have_no_verdict():
    nan = float("nan")
    said = sentences.mortality(0, 0.4, nan, (nan, nan), period="Deaths registered in 2020")
    assert said.startswith("No COVID-19 mortality ratio is shown: fewer than one death")
    assert "expected:" not in said


@pytest.mark.parametrize(
    ("deciles", "said"),
    [
        ([], ""),
        ([7], "Its only small area is in decile 7 of Halton on"),
        ([1], "Its only small area is in decile 1 (the most deprived tenth) of Halton on"),
        ([4, 2, 9], "Its 3 small areas lie between decile 2 and decile 9 of Halton on"),
        ([3, 1], "Its 2 small areas lie between decile 1 (the most deprived tenth) and"),
        ([10, 10], "Its 2 small areas are all in decile 10 of Halton on"),
    ],
)
def test_deciles_are_told_from_the_most_deprived(deciles, said):
    assert sentences.spread(deciles, "Halton").startswith(said)
    assert bool(sentences.spread(deciles, "Halton")) == bool(said)
