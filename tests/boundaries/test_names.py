"""People find districts and places by the names they use."""

from __future__ import annotations

import pandas as pd
import pytest

from boundaries.names import Selection, common_name, places, search, select
from geo.errors import AreaError

MERSEYSIDE = {
    "E08000011": "Knowsley",
    "E08000012": "Liverpool",
    "E08000013": "St Helens",
    "E08000014": "Sefton",
    "E08000015": "Wirral",
}
OTHERS = {"E06000023": "Bristol", "E09000030": "Tower Hamlets", "E06000050": "Cheshire West"}
DISTRICTS = pd.Series({**MERSEYSIDE, **OTHERS}).sort_index()


def selected(text, districts=DISTRICTS):
    return select(text, districts, whole="England")


@pytest.mark.parametrize(
    ("official", "common"),
    [
        ("St. Helens", "St Helens"),
        ("Bristol, City of", "Bristol"),
        ("Herefordshire, County of", "Herefordshire"),
        ("Kingston upon Hull, City of", "Kingston upon Hull"),
        ("City of London", "City of London"),
        ("St Albans", "St Albans"),
    ],
)
def test_official_names_are_shown_as_people_say_them(official, common):
    assert common_name(official) == common


@pytest.mark.parametrize(
    "text", ["Liverpool", " liverpool ", "LIVERPOOL", "E08000012", "e08000012"]
)
def test_a_district_is_found_by_name_or_code(text):
    assert selected(text) == Selection("Liverpool", ("E08000012",))


@pytest.mark.parametrize("text", ["St. Helens", "st helens", "ST HELENS"])
def test_punctuation_is_of_no_account(text):
    assert selected(text).codes == ("E08000013",)


def test_several_are_taken_in_the_order_asked_and_once():
    assert selected("sefton, liverpool") == Selection(
        "Sefton and Liverpool", ("E08000014", "E08000012")
    )
    assert selected("sefton,E08000014 , sefton") == Selection("Sefton", ("E08000014",))
    assert selected("sefton, wirral, liverpool, knowsley").name == "4 districts"


def test_a_name_with_a_comma_in_it_is_one_name():
    districts = pd.Series({"E06000023": "Bristol, City of", "E08000012": "Liverpool"})
    assert selected("bristol, city of, liverpool", districts).codes == ("E06000023", "E08000012")


def test_a_named_place_is_all_its_districts():
    assert selected("merseyside") == Selection("Merseyside", tuple(MERSEYSIDE))
    both = selected("bristol, merseyside")
    assert both.codes == ("E06000023", *MERSEYSIDE)
    assert both.slug == "bristol-and-merseyside"


def test_a_place_is_offered_only_where_all_its_districts_are():
    assert set(places(DISTRICTS)) == {"merseyside", "london"}
    assert places(DISTRICTS.drop("E08000011")).keys() == {"london"}
    assert places(DISTRICTS.iloc[:0]) == {}


def test_a_place_by_the_beginning_of_codes_takes_those_there_are():
    assert places(DISTRICTS)["london"].codes == ("E09000030",)
    assert selected("Greater London").codes == ("E09000030",)


@pytest.mark.parametrize("text", ["england", "England", "all"])
def test_the_whole_is_every_district_in_order(text):
    assert selected(text) == Selection("England", tuple(sorted(DISTRICTS.index)))


def test_the_sample_is_called_by_its_own_name():
    for text in ("sample", "the sample"):
        assert select(text, DISTRICTS, whole="the sample").name == "the sample"


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("Liverpol", "Liverpool"),
        ("Tower Hamlet", "Tower Hamlets"),
        ("Liverpool, Seftn", "Sefton"),
        ("Mersyside", "Merseyside"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_nearest(text, nearest):
    with pytest.raises(AreaError) as caught:
        selected(text)
    assert nearest in caught.value.found
    assert "pockets areas" in caught.value.do
    assert "“England”" in caught.value.expected


@pytest.mark.parametrize("text", ["", ",", "qqqqqq", "E08999999"])
def test_what_is_like_nothing_is_refused_too(text):
    with pytest.raises(AreaError, match="No district or place is called"):
        selected(text)


def test_search_lists_districts_then_places():
    assert search("liverp", DISTRICTS).to_dict("records") == [
        {"code": "E08000012", "name": "Liverpool", "kind": "district", "districts": 1}
    ]
    found = search("e", DISTRICTS)
    assert found["kind"].tolist() == sorted(found["kind"])
    assert found.loc[found["code"] == "merseyside", "districts"].item() == 5


def test_search_finds_codes_everything_and_nothing():
    assert search("e08000012", DISTRICTS)["name"].tolist() == ["Liverpool"]
    assert len(search("", DISTRICTS)) == len(DISTRICTS) + 2
    nothing = search("qqqq", DISTRICTS)
    assert nothing.empty
    assert list(nothing.columns) == ["code", "name", "kind", "districts"]
