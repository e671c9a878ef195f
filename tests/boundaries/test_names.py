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
ENGLAND = pd.Series(
    {
        "E06000006": "Halton",
        "E06000007": "Warrington",
        "E06000010": "Kingston upon Hull",
        "E06000019": "Herefordshire",
        "E06000020": "Telford and Wrekin",
        "E06000022": "Bath and North East Somerset",
        "E06000023": "Bristol",
        "E06000043": "Brighton and Hove",
        "E06000046": "Isle of Wight",
        "E06000047": "County Durham",
        "E06000049": "Cheshire East",
        "E06000050": "Cheshire West and Chester",
        "E06000053": "Isles of Scilly",
        "E06000058": "Bournemouth, Christchurch and Poole",
        "E07000026": "Allerdale",
        "E07000028": "Carlisle",
        "E07000029": "Copeland",
        "E07000112": "Folkestone and Hythe",
        "E07000120": "Hyndburn",
        "E07000195": "Newcastle-under-Lyme",
        "E07000246": "Somerset West and Taunton",
        "E08000013": "St Helens",
        "E08000015": "Wirral",
        "E08000016": "Barnsley",
        "E08000021": "Newcastle upon Tyne",
        "E09000001": "City of London",
        "E09000007": "Camden",
        "E09000019": "Islington",
        "E09000020": "Kensington and Chelsea",
        "E09000033": "Westminster",
    }
)
LATER = pd.Series(
    {
        "E06000056": "Central Bedfordshire",
        "E06000063": "Cumberland",
        "E06000066": "Somerset",
        "E07000242": "East Hertfordshire",
        "E08000039": "Sheffield",
    }
)
LOOKUPS = {
    309: ("lookups/LSOA_2011_to_MSOA_2011_to_LAD_2022_Lookup_EN.csv", "LAD22CD", "LAD22NM"),
    296: ("lookups/LSOA_2021_to_MSOA_2021_to_LAD_2024_Lookup_EN.csv", "LAD24CD", "LAD24NM"),
}


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


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bristol, City of", "Bristol"),
        ("City of Bristol", "Bristol"),
        ("County of Herefordshire", "Herefordshire"),
        ("Herefordshire, County of", "Herefordshire"),
        ("County of Herefordshire District Council", "Herefordshire"),
        ("St.Helens", "St Helens"),
        ("St. Helens Metropolitan Borough Council", "St Helens"),
        ("Saint Helens", "St Helens"),
        ("Halton Borough Council", "Halton"),
        ("Halton BC", "Halton"),
        ("Halton B.C.", "Halton"),
        ("Halton Council", "Halton"),
        ("Cheshire West & Chester Council", "Cheshire West and Chester"),
        ("Cheshire West ＆ Chester", "Cheshire West and Chester"),
        ("London Borough of Camden", "Camden"),
        ("LB Camden", "Camden"),
        ("Royal Borough of Kensington and Chelsea", "Kensington and Chelsea"),
        ("City of Westminster", "Westminster"),
        ("City of London", "City of London"),
        ("City of London Corporation", "City of London"),
        ("Metropolitan Borough of Wirral", "Wirral"),
        ("the Wirral", "Wirral"),
        ("Kingston-upon-Hull", "Kingston upon Hull"),
        ("Hull City Council", "Kingston upon Hull"),
        ("Bath & North East Somerset", "Bath and North East Somerset"),
        ("Brighton & Hove City Council", "Brighton and Hove"),
        ("Borough of Telford & Wrekin", "Telford and Wrekin"),
        ("the Isle of Wight", "Isle of Wight"),
        ("Council of the Isles of Scilly", "Isles of Scilly"),
        ("Scilly", "Isles of Scilly"),
        ("Durham County Council", "County Durham"),
        ("City of Durham", "County Durham"),
        ("BCP Council", "Bournemouth, Christchurch and Poole"),
        ("Bournemouth, Christchurch & Poole", "Bournemouth, Christchurch and Poole"),
        ("Newcastle under Lyme", "Newcastle-under-Lyme"),
        ("e0600 0006", "Halton"),
    ],
)
def test_a_district_is_found_as_councils_and_people_write_it(text, name):
    (code,) = ENGLAND.index[ENGLAND.eq(name)]
    assert selected(text, ENGLAND) == Selection(name, (code,))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Halton and Warrington", ["Halton", "Warrington"]),
        ("Halton & Warrington; Hull", ["Halton", "Warrington", "Kingston upon Hull"]),
        ("Cheshire West and Chester and Halton", ["Cheshire West and Chester", "Halton"]),
        ("Halton and Cheshire West and Chester", ["Halton", "Cheshire West and Chester"]),
        (
            "Cheshire East, Cheshire West and Chester",
            ["Cheshire East", "Cheshire West and Chester"],
        ),
        ("Bristol, City of, St Helens", ["Bristol", "St Helens"]),
        ("Bristol, City of and Herefordshire, County of", ["Bristol", "Herefordshire"]),
        ("London Boroughs of Camden and Islington", ["Camden", "Islington"]),
        ("Wirral Council and City of Westminster,", ["Wirral", "Westminster"]),
    ],
)
def test_several_are_told_from_names_with_commas_and_ands_of_their_own(text, names):
    codes = dict(zip(ENGLAND, ENGLAND.index, strict=True))
    assert selected(text, ENGLAND).codes == tuple(codes[name] for name in names)


@pytest.mark.parametrize(
    ("text", "name", "codes", "note"),
    [
        (
            "Cumberland",
            "Cumberland",
            ["E07000026", "E07000028", "E07000029"],
            "was made on 1 April",
        ),
        ("E06000063", "Cumberland", ["E07000026", "E07000028", "E07000029"], "was made on 1 April"),
        ("E08000038", "Barnsley", ["E08000016"], "here it is E08000016"),
        (
            "Borough of Poole",
            "Bournemouth, Christchurch and Poole",
            ["E06000058"],
            "is now part of",
        ),
        ("Taunton Deane", "Somerset West and Taunton", ["E07000246"], "is now part of"),
        ("Chester City Council", "Cheshire West and Chester", ["E06000050"], "is now part of"),
        ("Macclesfield", "Cheshire East", ["E06000049"], "is now part of"),
        ("Shepway DC", "Folkestone and Hythe", ["E07000112"], "is called Folkestone and Hythe"),
        ("E07000056", "County Durham", ["E06000047"], "Durham is now part of County Durham"),
    ],
)
def test_a_district_of_another_year_leads_to_its_heir_or_parts_and_says_so(text, name, codes, note):
    found = selected(text, ENGLAND)
    assert (found.name, list(found.codes)) == (name, codes)
    assert note in "".join(found.notes)


@pytest.mark.parametrize(
    ("text", "name", "note"),
    [
        ("Copeland", "Cumberland", "Copeland is now part of Cumberland"),
        ("e07000029", "Cumberland", "Copeland is now part of Cumberland"),
        ("Taunton Deane", "Somerset", "Taunton Deane is now part of Somerset"),
        ("Mendip District Council", "Somerset", "Mendip is now part of Somerset"),
        ("E07000097", "East Hertfordshire", "here it is E07000242"),
        ("E08000019", "Sheffield", "here it is E08000039"),
    ],
)
def test_the_same_record_serves_later_districts(text, name, note):
    found = selected(text, LATER)
    assert found.name == name
    assert note in "".join(found.notes)


def test_of_several_each_says_its_own_and_a_district_counts_once():
    found = selected("Copeland, Mendip, Cumberland", LATER)
    assert found.codes == ("E06000063", "E06000066")
    assert found.notes == (
        "Copeland is now part of Cumberland",
        "Mendip is now part of Somerset",
    )


@pytest.mark.parametrize(
    ("text", "either", "other"),
    [
        ("Newcastle", "Newcastle upon Tyne", "Newcastle-under-Lyme"),
        ("Newcastle City Council", "Newcastle upon Tyne", "Newcastle-under-Lyme"),
        ("Cheshire", "Cheshire East", "Cheshire West and Chester"),
    ],
)
def test_a_name_that_may_be_two_districts_is_refused_with_both(text, either, other):
    with pytest.raises(AreaError) as caught:
        selected(text, ENGLAND.drop("E06000006"))
    assert "may be any of" in caught.value.found
    assert either in caught.value.found
    assert other in caught.value.found


@pytest.mark.parametrize(
    "text", ["Hul", "Wirall", "Tyne", "Bath", "Telford", "Brighton", "West", "London", "Scill"]
)
def test_a_part_of_a_name_or_a_slip_never_selects(text):
    with pytest.raises(AreaError):
        selected(text, ENGLAND.drop(ENGLAND.index[ENGLAND.index.str.startswith("E09")]))


def test_a_county_council_is_not_taken_for_a_wider_place_of_its_name():
    districts = pd.Series({code: code for code in places(ENGLAND)["cheshire"].codes})
    assert selected("Cheshire", districts).codes == tuple(districts.index)
    with pytest.raises(AreaError):
        selected("Cheshire County Council", districts)


def test_all_that_is_unknown_is_said_at_once():
    with pytest.raises(AreaError) as caught:
        selected("Halton and Wirall, Brighton and Hve, Barnsley", ENGLAND)
    assert "“Wirall” or “Brighton and Hve”" in caught.value.what
    assert "nearest names to “Wirall” are Wirral" in caught.value.found
    assert "nearest names to “Brighton and Hve” are Brighton and Hove" in caught.value.found


@pytest.mark.parametrize("count", LOOKUPS)
@pytest.mark.parametrize(
    "form",
    [
        "{}",
        "the {} Council",
        "{} MBC",
        "City of {}",
        "London Borough of {}",
        "{}, City of",
        "{}, County of",
        "County of {} District Council",
    ],
)
@pytest.mark.parametrize(
    "spelt",
    [
        str.upper,
        lambda name: name.replace(" and ", " & ").replace("St ", "Saint ").replace("'", "’"),
        lambda name: name.replace("-", " ").replace("St ", "St.").replace("'", ""),
    ],
    ids=["capitals", "said", "bare"],
)
def test_every_district_is_itself_in_every_form(count, form, spelt, official_mirror):
    file, code, name = LOOKUPS[count]
    table = pd.read_csv(official_mirror / file, usecols=[code, name]).drop_duplicates(code)
    districts = table.set_index(code)[name].map(common_name).sort_index()
    text = "; ".join(form.format(spelt(name)) for name in districts)
    assert len(districts) == count
    assert selected(text, districts).codes == tuple(districts.index)
    assert selected(text, districts).notes == ()


@pytest.mark.parametrize("text", ["", ",", "qqqqqq", "E08999999"])
def test_what_is_like_nothing_is_refused_too(text):
    with pytest.raises(AreaError, match="No district or place is called"):
        selected(text)


def test_search_lists_districts_then_places():
    assert search("liverp", DISTRICTS).to_dict("records") == [
        {"code": "E08000012", "name": "Liverpool", "kind": "district", "note": ""}
    ]
    found = search("e", DISTRICTS)
    assert found["kind"].drop_duplicates().tolist() == ["district", "place", "former"]
    assert found.loc[found["code"] == "merseyside", "note"].item() == "5 districts"


def test_search_finds_codes_everything_and_nothing():
    assert search("e08000012", DISTRICTS)["name"].tolist() == ["Liverpool"]
    assert len(search("", DISTRICTS)) == len(DISTRICTS) + 2
    nothing = search("qqqq", DISTRICTS)
    assert nothing.empty
    assert list(nothing.columns) == ["code", "name", "kind", "note"]


def test_search_finds_former_districts_and_neighbourhoods():
    msoas = pd.DataFrame(
        {"area_name": ["Egremont", "St Bees & Cleator"], "lad_name": ["Copeland", "Copeland"]},
        index=["E02003989", "E02003990"],
    )
    assert search("cumber", ENGLAND, msoas).to_dict("records") == [
        {
            "code": "E06000063",
            "name": "Cumberland",
            "kind": "former",
            "note": "Cumberland was made on 1 April 2023 of Allerdale, Carlisle and Copeland, "
            "which stand for it here",
        }
    ]
    assert search("saint bees and", ENGLAND, msoas).to_dict("records") == [
        {
            "code": "E02003990",
            "name": "St Bees & Cleator",
            "kind": "msoa",
            "note": "neighbourhood in Copeland",
        }
    ]
    assert search("e0200 3989".replace(" ", ""), ENGLAND, msoas)["name"].tolist() == ["Egremont"]
    assert search("Halton Borough Council", ENGLAND, msoas)["code"].tolist() == ["E06000006"]
    assert set(search("", ENGLAND, msoas)["kind"]) == {"district", "place"}
