"""The areas of the census before an edition's, on invented ones."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from geo.errors import CodeError, InputError
from geo.space.families import Families
from layers.former import build_former, lacking_earlier, vintage_of
from layers.layer import edition

LINKS = pd.DataFrame(
    {
        "lsoa_2021_code": ["E01000001", "E01000011", "E01000012", "E01000013"],
        "change": ["U", "S", "S", "U"],
    },
    index=["E01000001", "E01000002", "E01000002", "E01000013"],
)
AREAS = pd.DataFrame(
    {
        "area_name": ["Sandmere 001A", "King’s Sandmere 002A", "Sandmere 001B"],
        "lad_code": "E06900001",
        "population": [1500, 3000, 1600],
    },
    index=["E01000001", "E01000002", "E01000013"],
)
ABOVE = pd.DataFrame(
    {"area_name": ["Sandmere 001", "King's Sandmere 002"]}, index=["E02000001", "E02000002"]
)
LOOKUP = pd.DataFrame(
    {
        "msoa_code": ["E02000001", "E02000003", "E02000004", "E02000001"],
        "lad_code": "E06900001",
    },
    index=["E01000001", "E01000011", "E01000012", "E01000013"],
)


def test_families_of_both_levels_follow_from_names_and_the_lookup():
    found = build_former(LINKS, AREAS, ABOVE, LOOKUP)
    assert Families(found["lsoa"]).kinds.to_dict() == {
        "E01000001": "U", "E01000002": "S", "E01000013": "U",
    }  # fmt: skip
    msoas = Families(found["msoa"])
    assert msoas.kinds.to_dict() == {"E02000001": "U", "E02000002": "S"}
    assert msoas.new.to_dict() == {
        "E02000001": "E02000001", "E02000003": "E02000002", "E02000004": "E02000002",
    }  # fmt: skip
    assert found["areas"]["people"].tolist() == [1500, 3000, 1600]
    assert set(found["areas"]["lad_code"]) == {"E06900001"}


def test_an_area_whose_name_leads_to_no_neighbourhood_is_refused():
    with pytest.raises(CodeError, match="links without a code"):
        build_former(LINKS, AREAS, ABOVE.iloc[:1], LOOKUP)


def of(**vintages):
    """Return files whose sources, by role, are of areas of these censuses."""
    geography = {role: "England" if role == "rates" else "LSOA" for role in vintages}
    return SimpleNamespace(
        source=lambda role: SimpleNamespace(
            title=role, vintage=vintages[role], geography=geography[role]
        )
    )


def test_the_census_is_that_of_the_small_areas_alone():
    files = of(deaths=2011, people=2011, rates=None)
    assert vintage_of(files, ("deaths", "people", "rates")) == 2011
    assert vintage_of(files, ("rates",)) is None


def test_sources_of_two_censuses_are_refused():
    with pytest.raises(InputError, match="areas of more than one census"):
        vintage_of(of(deaths=2011, people=2021), ("deaths", "people"))


def test_what_earlier_editions_are_without_is_said_for_an_edition_that_names_some():
    known = edition("2025")
    absent = ["earlier_2015", "former_boundaries", "indicators"]
    years, boundaries = lacking_earlier(known, absent)
    assert years.startswith("What has lasted is told without 2015, of which the Indices were not")
    assert boundaries.startswith("What became of the pockets of the edition before is not told")
    assert lacking_earlier(known, ["indicators"]) == []
    assert lacking_earlier(edition("2019"), absent) == []
