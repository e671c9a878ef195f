from __future__ import annotations

import dataclasses

import pytest

from layers.borough import reproduce
from layers.borough.reproduce import FIGURE_COLUMNS, compared, published_of, reproduced
from layers.kinds.published import Evidence, Published
from layers.kinds.registry import KINDS
from layers.layer import edition


def figures_of(names, ours):
    figures = dict.fromkeys(names, "2.0%")
    return Published(edition="sample", source="A report", figures=figures, ours=ours)


@pytest.fixture
def evidence(country):
    tables = country.tables
    return Evidence(
        files=country.files,
        ground=country.ground,
        lsoa=tables.lsoa,
        msoa=tables.msoa,
        districts=tables.districts,
    )


def test_ours_stand_beside_what_was_printed_in_its_order(evidence):
    said = [f"{evidence.of_district('Westholt', 'lsoa_count'):.0f}", "2.0%"]
    found = compared(figures_of(["Areas", "Share"], lambda _: said), evidence)
    assert found.columns.to_list() == FIGURE_COLUMNS
    westholt = evidence.lsoa["lad_name"] == "Westholt"
    assert found["ours"].to_list() == [str(westholt.sum()), "2.0%"]
    assert found["same"].to_list() == [False, True]


def test_ours_may_lie_as_far_off_as_the_publication_allows(evidence):
    known = dataclasses.replace(
        figures_of(["Two", "Too high", "Too low"], lambda _: ["2.01", "2.02", "1.97"]),
        figures=dict.fromkeys(["Two", "Too high", "Too low"], "2.0"),
        within=0.015,
    )
    assert compared(known, evidence)["same"].to_list() == [True, False, False]


def test_a_figure_that_is_not_worked_out_is_an_error(evidence):
    with pytest.raises(ValueError, match="shorter"):
        compared(figures_of(["Areas", "Share"], lambda _: ["2.0%"]), evidence)


@pytest.mark.parametrize(("key", "publications"), [("2019", 4), ("2025", 2), ("sample", 0)])
def test_each_kind_hands_its_own_and_only_of_the_edition_they_are_of(key, publications):
    known = published_of(edition(key))
    every = [each for kind in KINDS.values() for each in kind.published]
    assert known == [each for each in every if each.edition == key]
    assert len({each.source for each in known}) == len(known) == publications


def test_the_figures_of_an_edition_are_all_of_its_publications(country, monkeypatch, tmp_path):
    assert reproduced(country.files, country.tables, country.ground).empty
    known = [figures_of(["One"], lambda _: ["2.0%"]), figures_of(["Two"], lambda _: ["1.9%"])]
    monkeypatch.setattr(reproduce, "published_of", lambda _: known)
    monkeypatch.setattr(type(country.files), "cache", tmp_path, raising=False)
    found = reproduced(country.files, country.tables, country.ground)
    assert found["figure"].to_list() == ["One", "Two"]
    assert found["same"].to_list() == [True, False]
