"""What pockets are called over a whole edition."""

from __future__ import annotations

import pandas as pd

from layers.findings.names import names_of
from layers.layer import edition
from layers.wards import lacking_names


def test_boroughs_are_named_each_on_its_own():
    lsoa = pd.DataFrame(
        [
            ("Halton 001A", "A", "E1", 100, "P"),
            ("Halton 001B", "A", "E1", 900, ""),
            ("Wirral 001A", "A", "E2", 300, "Q"),
            ("Wirral 001B", "A", "E2", 200, "R"),
            ("Sefton 001A", "B", "E3", 200, ""),
        ],
        columns=["area_name", "msoa_name", "lad_code", "population", "pocket_id"],
        index=list("abcde"),
    )
    found = names_of(lsoa, pd.Series({"c": "V"}))
    assert found.to_dict() == {
        "P": "Part of A",
        "Q": "A (V ward)",
        "R": "Part of A (around Wirral 001B)",
    }
    assert found.index.name == "pocket_id"
    assert names_of(lsoa.assign(pocket_id=""), pd.Series(dtype="str")).empty


def test_what_names_lack_without_wards_is_said():
    known = edition("2025")
    assert lacking_names(known, ["fuel_poverty_2012"]) == []
    assert "Pockets of one name" in lacking_names(known, ["wards", "former_wards"])[0]
    assert "of the edition before" in lacking_names(known, ["former_wards"])[0]
    assert lacking_names(edition("2019"), ["former_wards"]) == []


def test_pockets_of_the_sample_hold_the_people_they_are_named_after(country):
    lsoa, names = country.findings.lsoa, country.pocket_names
    assert names.index.tolist() == sorted(set(lsoa["pocket_id"]) - {""})
    for pocket, name in names.items():
        inside = lsoa[lsoa["pocket_id"] == pocket]
        people = inside.groupby("msoa_name")["population"].sum()
        first = name.split(" / ")[0].removeprefix("Part of ").split(" (")[0]
        assert people[first] == people.max()
