"""What a page carries of earlier editions, on an invented borough."""

from __future__ import annotations

import pytest

from maps.page.borough import borough_page
from maps.page.past import DECILE_CLASSES, decile_classes, past, times_classes
from tests.invented import invented
from tests.invented_change import invented_change


@pytest.fixture(scope="module")
def borough():
    return invented_change()


@pytest.fixture(scope="module")
def carried(borough):
    return past(borough)


def test_deciles_and_counts_are_those_of_the_table(borough, carried):
    lsoa = borough.lsoa
    assert carried["years"] == ["2015", "2019", "2025"]
    assert carried["times"] == lsoa["imd_2025_lasting_tenth"].tolist()
    assert carried["deciles"]["2019"] == lsoa["imd_2025_decile_2019"].tolist()
    assert carried["deciles"]["2025"] == lsoa["imd_2025_decile"].tolist()
    marked = [lsoa.index[place] for place in carried["estimated"]]
    assert marked == ["E01900003", "E01900004", "E01900200"]


def test_classes_part_all_deciles_and_all_counts():
    assert [entry.label for entry in times_classes(3)][:4] == [
        "In all 3 editions", "In 2", "In 1", "In none",
    ]  # fmt: skip
    assert [entry.label for entry in times_classes(2)][:3] == [
        "In all 2 editions", "In 1", "In none",
    ]  # fmt: skip
    assert len(decile_classes()) == len(DECILE_CLASSES) + 2
    assert list(DECILE_CLASSES.values())[-1] == 10


def test_a_former_code_leads_to_the_areas_it_became(borough, carried):
    assert set(carried["former"]) == {"E01910003", "E01910200", "E01910201", "E02910001"}
    former = carried["former"]["E02910001"]
    assert (former["kind"], former["areas"]) == ("msoa", [0, 1])
    split = carried["former"]["E01910003"]
    assert split["words"] == "was split into"
    assert [borough.lsoa.index[place] for place in split["areas"]] == ["E01900003", "E01900004"]
    merged = carried["former"]["E01910200"]
    assert (merged["words"], merged["others"]) == ("became a part of", [])
    assert [borough.lsoa.index[place] for place in merged["areas"]] == ["E01900200"]


def test_every_pocket_says_where_it_comes_from(carried):
    assert "matching" not in str(carried["pockets"])  # said with how sure a pocket is
    assert ": Old Alder." in carried["pockets"][0]
    assert "It joins 2 pockets of the edition of 2019" in carried["pockets"][1]
    assert past(invented_change(followed=False))["pockets"] == []


def test_an_edition_without_earlier_ones_offers_no_such_view(borough):
    plain = invented()
    assert past(plain) is None
    assert 'value="past"' not in borough_page(plain)
    page = borough_page(borough)
    assert 'value="past"' in page
    assert "cannot tell a change of place" in page
