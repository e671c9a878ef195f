"""The sentence on what a pocket is made of: every template, and the condition that it is for."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from layers.layer import edition
from maps.made_of.fingerprint import made_of, spread_of, stands_out

EDITION = edition("2019")
PLACE = SimpleNamespace(edition=EDITION, called="Knowsley")


def pocket_of(others=43, more=(), less=(), **differences):
    """Return a pocket as the tables hold it; domains by the end of their ids."""
    told = {"compared_lsoas": others}
    for at, layer in enumerate(layer for layer in EDITION.layers if layer.domain):
        name = layer.id.removeprefix("imd_2019_")
        told[layer.column("mean_percentile")] = 80.0 + at
        told[layer.column("percentile_lowest")] = 60.0
        told[layer.column("percentile_highest")] = 99.6
        told[layer.column("percentile_difference")] = float(differences.get(name, 0))
    names = {"stands_out": more, "stands_out_less": less}
    return told | {key: [f"imd_2019_{name}" for name in value] for key, value in names.items()}


@pytest.mark.parametrize(
    ("pocket", "said"),
    [
        (
            pocket_of(),
            "Against the 43 other deprived small areas of Knowsley it does not stand out on any"
            " domain.",
        ),
        (
            pocket_of(more=["education", "health"], education=12, health=15),
            "Against the 43 other deprived small areas of Knowsley it stands out as more deprived"
            " on education and skills and on health and disability; on the other 5 domains it is"
            " ordinary.",
        ),
        (
            pocket_of(more=["crime"], less=["barriers"], crime=11, barriers=-40),
            "Against the 43 other deprived small areas of Knowsley it stands out as more deprived"
            " on crime and as less deprived on housing and services; on the other 5 domains it is"
            " ordinary.",
        ),
        (
            pocket_of(barriers=-20, living_environment=10.0),
            "Against the 43 other deprived small areas of Knowsley it does not stand out on any"
            " domain; on housing and services and on living environment its difference could be"
            " one of chance; on the other 5 domains it is ordinary.",
        ),
        (
            pocket_of(
                less=["crime"], crime=-11, income=10, employment=-12, health=13, education=30
            ),
            "Against the 43 other deprived small areas of Knowsley it stands out as less deprived"
            " on crime; on income, on employment, on education and skills and on health and"
            " disability its difference could be one of chance; it is ordinary on housing and"
            " services and on living environment.",
        ),
        (
            pocket_of(others=4, crime=50),
            "What it is made of is not set against other deprived small areas of Knowsley: outside"
            " it there are only 4.",
        ),
        (
            pocket_of(others=1),
            "What it is made of is not set against other deprived small areas of Knowsley: outside"
            " it there is only 1.",
        ),
        (
            pocket_of(others=0, crime=float("nan")),
            "What it is made of is not set against other deprived small areas of Knowsley: outside"
            " it there are none.",
        ),
    ],
)
def test_each_condition_has_its_sentence(pocket, said):
    assert stands_out(pocket, PLACE) == said


def test_domains_are_told_worst_first_with_their_ends_and_what_matters():
    pocket = pocket_of(
        more=["crime"], less=["health"], crime=11.4, health=-12.2, income=-10, barriers=0.3
    )
    rows = {row.layer.id.removeprefix("imd_2019_"): row for row in made_of(pocket, EDITION)}
    assert list(rows)[0::6] == ["living_environment", "income"]
    assert (rows["crime"].value, rows["crime"].ends) == ("84", "60 to 100")
    found = {name: row.beside for name, row in rows.items()}
    assert found["crime"] == "+11 (stands out)"
    assert found["health"] == "−12 (stands out)"
    assert found["income"] == "−10 (could be chance)"
    assert (found["barriers"], found["education"]) == ("0", "0")
    alone = made_of(pocket_of(others=0, crime=float("nan")), EDITION)
    assert "not compared" in {row.beside for row in alone}


@pytest.mark.parametrize(
    ("layer", "ends", "said"),
    [
        ("imd_2019", {"lowest": 24.06, "highest": 61.0}, "24.1 to 61.0"),
        ("imd_2019_income", {"lowest": 0.124, "highest": 0.4884}, "12.4 to 48.8%"),
        ("no2_2021_23", {"lowest": 9.0, "highest": 12.46}, "9.0 to 12.5 µg/m³"),
        ("imd_2019_crime", {"lowest": -0.5, "highest": -0.5}, "−0.50"),
        (
            "fuel_poverty_2020",
            {"fifth_worst": 1.0, "fifth_best": 3.0},
            "highest fifth to middle fifth",
        ),
        ("fuel_poverty_2020", {"fifth_worst": 2.0, "fifth_best": 2.0}, "2nd fifth"),
        ("fuel_poverty_2020", {"lowest": 10.0, "highest": 20.0}, ""),
        ("imd_2019", {"lowest": float("nan"), "highest": float("nan")}, ""),
        ("imd_2019", {}, ""),
    ],
)
def test_ends_of_small_areas_are_written_as_values_or_in_fifths(layer, ends, said):
    found = EDITION.layer(layer)
    assert spread_of({found.column(end): value for end, value in ends.items()}, found) == said
