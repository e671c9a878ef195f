"""The bridge on invented lookups: families, MSOAs from LSOAs, districts of earlier areas."""

from __future__ import annotations

import pandas as pd
import pytest

from boundaries.bridge import bridge_of_msoas, build_bridge, districts_before, read_bridge
from geo.errors import CodeError, InputError
from layers.catalogue import catalogue
from tests.invented_families import linked

ROWS = [
    ("E01900001", "E01900001", "U"),
    ("E01900002", "E01900011", "S"),
    ("E01900002", "E01900012", "S"),
    ("E01900003", "E01900013", "M"),
    ("E01900004", "E01900013", "M"),
    ("E01900005", "E01900014", "X"),
    ("E01900005", "E01900015", "X"),
    ("E01900006", "E01900015", "X"),
]
OLD = pd.Index([f"E0190000{number}" for number in range(1, 7)])
NEW = pd.Index(["E01900001", *(f"E0190001{number}" for number in range(1, 6))])


def table(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    named = pd.DataFrame(rows, columns=["area_code", "lsoa_2021_code", "change"])
    return named.set_index("area_code")


def test_families_are_those_of_the_lookup() -> None:
    families = build_bridge(table(ROWS), old=OLD, new=NEW)
    assert families.kinds.tolist() == list("USMX")
    assert families.links[["old", "new", "link"]].to_numpy().tolist() == [list(row) for row in ROWS]


def test_a_lookup_that_contradicts_itself_or_the_areas_is_refused_with_all_of_it() -> None:
    rows = [*ROWS[:-1], ("E01900007", "E01900016", "U")]
    with pytest.raises(CodeError) as caught:
        build_bridge(table(rows), old=OLD, new=NEW)
    assert "LSOA 2011 to LSOA 2021" in caught.value.where
    for part in (
        "1 old areas without a link (E01900006)",
        "1 links of old areas that are not there (E01900007)",
        "1 links of new areas that are not there (E01900016)",
        "1 areas unchanged under another code (E01900007 → E01900016)",
        "2 links of another kind (E01900005 → E01900014 told as X, is S,",
    ):
        assert part in caught.value.found


def test_the_lookup_is_read_through_its_record(tmp_path) -> None:
    path = tmp_path / "lookup.csv"
    lines = ["LSOA11CD,LSOA11NM,LSOA21CD,LSOA21NM,CHGIND,LAD22CD,LAD22NM"]
    lines += [f"{old},A,{new},B,{letter},E06900001,C" for old, new, letter in ROWS]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(CodeError) as caught:
        read_bridge(path, catalogue()["lsoa_2011_to_2021"], old=OLD, new=NEW)
    assert "8 rows instead of 33,855" in caught.value.found
    with pytest.raises(InputError):
        read_bridge(path, catalogue()["ward_2019_lookup"], old=OLD, new=NEW)


def test_msoas_are_linked_where_lsoas_in_them_are() -> None:
    lsoas = linked("a-a b-c b-d e-g f-g h-h i-i j-j k-k")
    old = pd.Series(
        {"a": "K", "b": "K", "e": "L", "f": "M", "h": "N", "i": "N", "j": "T", "k": "O"}
    )
    new = pd.Series(
        {"a": "K", "c": "K", "d": "K", "g": "P", "h": "Q", "i": "R", "j": "T", "k": "O"}
    )
    msoas = bridge_of_msoas(lsoas, old, new)
    # A split of an LSOA inside K changes nothing of K.
    assert msoas.link_of_new.to_dict() == {
        "K": "U", "O": "U", "P": "M", "Q": "S", "R": "S", "T": "U",
    }  # fmt: skip


def test_msoas_of_other_lsoas_or_of_none_are_refused() -> None:
    lsoas = linked("a-a b-b")
    msoas = pd.Series({"a": "K", "b": "K"})
    with pytest.raises(CodeError):
        bridge_of_msoas(lsoas, msoas[1:], msoas)
    with pytest.raises(CodeError, match="1 links without a code"):
        bridge_of_msoas(lsoas, msoas, msoas.where(msoas.index != "b"))
    with pytest.raises(CodeError, match="1 areas unchanged under another code"):
        bridge_of_msoas(lsoas, msoas, msoas.replace("K", "L"))


ACROSS = linked("a-a b-c b-d h-j h-k i-k")
DISTRICTS = pd.Series(
    {"a": "E06000063", "c": "E08000037", "d": "E08000037", "j": "E06000063", "k": "E08000037"}
)


def test_earlier_areas_are_in_the_districts_of_later_ones() -> None:
    # Copeland became part of Cumberland in 2023, and Gateshead had another code until 2013.
    former = pd.Series({"a": "E07000007", "b": "E07000001", "h": "E07000029", "i": "E08000020"})
    found = districts_before(ACROSS, DISTRICTS, former)
    assert found.to_dict() == {
        "a": "E06000063", "b": "E08000037", "h": "E06000063", "i": "E08000037",
    }  # fmt: skip


@pytest.mark.parametrize("elsewhere", ["E06000001", None])
def test_an_area_of_none_of_the_districts_of_its_family_is_refused(elsewhere) -> None:
    former = pd.Series({"a": "", "b": "", "h": elsewhere, "i": "E08000037"})
    with pytest.raises(CodeError) as caught:
        districts_before(ACROSS, DISTRICTS, former)
    assert caught.value.expected == "h in E06000063 or E08000037"
    assert caught.value.found == f"h in {elsewhere or 'none'}"


def test_families_within_one_district_need_no_former_one() -> None:
    districts = DISTRICTS.where(DISTRICTS.index != "j", "E08000037")
    found = districts_before(ACROSS, districts, pd.Series(dict.fromkeys("abhi", "")))
    assert found.to_dict() == dict.fromkeys("bhi", "E08000037") | {"a": "E06000063"}
