"""The scores and ranks that the publisher issued order the areas alike, in every file."""

from __future__ import annotations

import dataclasses

import pytest

from geo.tables.read import read_table
from layers.catalogue import catalogue
from layers.kinds import imd
from layers.layer import edition

pytestmark = pytest.mark.real

FILE_7_OF_2015 = (
    "imd/File_7_ID_2015_All_ranks__deciles_and_scores_for_the_Indices_of_Deprivation__"
    "and_population_denominators.csv"
)


@pytest.mark.parametrize("year", ["2019", "2025"])
def test_every_index_and_domain_of_a_file(official, year):
    source = catalogue()[f"imd_{year}"]
    checks = imd.read(edition("2019"), source, official.mirror / source.path).checks
    orders = [check for check in checks if check.name.endswith("in the order of ranks")]
    assert [check.found for check in orders] == ["0 LSOAs differ"] * 8


def test_the_overall_index_of_2015(official):
    source = catalogue()["imd_2019"]
    spec = source.tables["main"]
    overall = {name: spec.numbers[name] for name in ("imd_score", "imd_rank", "imd_decile")}
    limits = {name: spec.ranges[name] for name in overall}
    columns = dataclasses.replace(
        spec, text={}, numbers=overall, counts=(), ranges=limits, sums={}, totals={}, optional={}
    )
    record = dataclasses.replace(source, tables={"main": columns})
    table = read_table(official.mirror / FILE_7_OF_2015, record, "main")
    layer = edition("2019").layer("imd_2019")
    found = imd._order_check(table.add_prefix("imd_2019_").rename(columns=_own), layer)
    assert (len(table), found.found) == (32_844, "0 LSOAs differ")


def _own(name):
    return name.replace("imd_2019_imd_", "imd_2019_")
