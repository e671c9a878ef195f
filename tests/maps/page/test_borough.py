"""The borough's page as a file: what it carries, what it forbids, that nothing breaks out."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import re

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import to_wgs84
from geo.errors import InputError
from layers.catalogue import catalogue
from layers.kinds.reading import PEOPLE_BY_AGE
from layers.layer import FRAMES
from maps.look.classify import classify_layer
from maps.look.html import image_hosts, json_for_script, policy
from maps.page.borough import at_a_glance, borough_page
from maps.page.borough_data import Links, chance_in_words, page_data, rounded
from maps.page.leaflet import leaflet_script, leaflet_style
from maps.page.postcode_index import sectors
from maps.page.topology import label_choices, nearby, topology
from maps.words.credits import all_sources, source_lines, sources_by_publisher
from maps.words.people import outside_every_pocket
from maps.words.reading import cautions, how_made, how_to_read
from maps.words.sentences import finding, finding_parts
from tests import invented

LINKS = Links(index="../index.html", profile="profiles/{code}.html", pocket="pockets/{code}.html")


@pytest.fixture(scope="module")
def page(invented_borough):
    return borough_page(invented_borough, links=LINKS)


@pytest.fixture(scope="module")
def carried(invented_borough):
    return page_data(invented_borough, links=LINKS)


def elements(page: str, tag: str) -> list[str]:
    return re.findall(rf"<{tag}>(.*?)</{tag}>", page, flags=re.DOTALL)


def embedded(page: str) -> dict:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def content_policy(page: str) -> str:
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert found
    return found[1].replace("&#39;", "'")


def decoded(carried: dict, name: str) -> list[shapely.Geometry]:
    """Read the topology as the page does, but in Python and independently of its script."""
    found = carried["topology"]
    scale, origin = (np.array(found["transform"][key]) for key in ("scale", "translate"))
    arcs = [np.cumsum(arc, axis=0) * scale + origin for arc in found["arcs"]]
    shapes = []
    for entry in found["objects"][name]["geometries"]:
        parts = [entry["arcs"]] if entry["type"] == "Polygon" else entry["arcs"]
        polygons = []
        for rings in parts:
            lines = [
                np.concatenate([arcs[at] if at >= 0 else arcs[~at][::-1] for at in ring])
                for ring in rings
            ]
            polygons.append(shapely.Polygon(lines[0], lines[1:]))
        shapes.append(shapely.MultiPolygon(polygons))
    return shapes


def test_policy_names_the_very_script_and_style_and_allows_nothing_else(page):
    (script,), (style,) = elements(page, "script"), elements(page, "style")
    hashes = [
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in (script, style)
    ]
    assert content_policy(page) == (
        f"default-src 'none'; script-src 'sha256-{hashes[0]}'; style-src 'sha256-{hashes[1]}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert page.index("Content-Security-Policy") < page.index("<style>") < page.index("<script>")


def test_page_is_one_file_that_loads_nothing(page):
    assert "<link" not in page
    assert re.findall(r"<(?:script|img|iframe|object)[^>]*\ssrc=", page) == []
    assert re.findall(r"url\((?!#|data:|\")", elements(page, "style")[0]) == []
    assert "sourceMappingURL" not in page
    assert "cdn" not in page.lower()
    assert 'style="' not in page


def test_basemap_opens_the_policy_to_its_host_only(invented_borough):
    page = borough_page(invented_borough, basemap="https://tiles.example/{z}/{x}/{y}.png")
    assert "img-src data: https://tiles.example; base-uri" in content_policy(page)
    assert "default-src 'none'" in content_policy(page)
    assert embedded(page)["basemap"] is True
    assert "The background map comes from https://tiles.example." in page


def test_same_borough_same_bytes(invented_borough, page):
    assert borough_page(invented_borough, links=LINKS) == page


def test_page_is_small_without_its_data(page, carried):
    assert len(page.encode()) - len(json_for_script(carried).encode()) < 345_000


def test_first_screen_says_the_finding_and_lists_pockets_by_number(page):
    assert "Northmere (a fictional place) has <strong>2 pockets</strong> of deprivation" in page
    assert "The pocket with most people in the sample’s most deprived tenth is around Alder" in page
    numbers = re.findall(r'<span class="badge">(\d+)</span><span>([^<]*)</span>', page)
    assert numbers == [("1", "Alder Bank"), ("2", "Damson End")]


def test_fictional_places_are_said_not_to_exist(page, invent):
    assert "Northmere does not exist: this page shows an invented sample" in page
    assert "does not exist" not in borough_page(invent(edition_id="2019"))


def test_no_pockets_is_said_honestly(invent):
    page = borough_page(invent(pockets=False))
    assert "<strong>no pocket</strong> of deprivation" in page
    assert "None here: no two small areas that touch are both in the most deprived fifth" in page
    assert '<span class="badge">' not in page


def test_links_stand_only_where_they_lead_somewhere(invented_borough, page):
    assert '<a href="../index.html">Northmere and Westholt</a>' in page
    bare = borough_page(invented_borough)
    assert not re.search('<a href="(?!#)', bare[: bare.index('id="data"')])
    assert embedded(bare)["links"]["profile"] == ""


def test_names_that_try_to_break_the_page_are_texts(invent):
    borough = invent(nasty=True)
    page = borough_page(borough, links=LINKS)
    assert page.count("<script") == 2
    assert page.count("</script>") == 2
    assert "<b>Bold</b>" not in page
    assert "<svg onload" not in page
    assert "\u2028" not in page.split('id="data">')[1]
    assert embedded(page)["places"]["area"]["names"] == borough.lsoa["area_name"].to_list()
    assert embedded(page)["places"]["pocket"]["names"] == borough.pockets["name"].to_list()


@given(st.recursive(st.text() | st.integers() | st.none(), st.lists, max_leaves=5))
def test_json_cannot_end_its_element_and_reads_back(value):
    written = json_for_script(value)
    assert not set(written) & set("<>&\u2028\u2029")
    assert json.loads(written) == value


def test_missing_numbers_may_not_slip_into_json():
    with pytest.raises(ValueError, match="JSON"):
        json_for_script([float("nan")])


def test_every_number_is_the_tables(invented_borough, carried):
    for layer, record in zip(invented_borough.edition.layers, carried["layers"], strict=True):
        for kind, table in (
            ("area", invented_borough.lsoa),
            ("msoa", invented_borough.msoa),
            ("pocket", invented_borough.pockets),
        ):
            wanted = [
                None if np.isnan(value) else float(layer.form.format(value).rstrip("%"))
                for value in table[layer.value]
            ]
            if kind == "area" and not layer.ranks_in_words:
                assert "value" not in record[kind]
            else:
                assert record[kind]["value"] == wanted
        if layer.ranks_in_words:
            for frame in FRAMES:
                ranks = invented_borough.lsoa[layer.rank_column(frame)].astype(float)
                got = pd.Series(record["area"][f"rank_{frame}"], index=ranks.index, dtype=float)
                pd.testing.assert_series_equal(got, ranks, check_names=False)


def test_shares_of_people_carry_the_people_they_count(invented_borough, carried):
    records = {record["id"]: record for record in carried["layers"]}
    for layer_id, people in {
        "imd_2019_income": "population",
        "imd_2019_employment": "working_age_population",
    }.items():
        lsoa = invented_borough.lsoa
        counted = lsoa[f"{layer_id}_score"] * lsoa[people]
        assert records[layer_id]["area"]["people"] == [round(count) for count in counted]
    assert "people" not in records["imd_2019_crime"]["area"]


def test_classes_are_those_of_the_printed_maps(invented_borough, carried):
    for layer, record in zip(invented_borough.edition.layers, carried["layers"], strict=True):
        for frame, place in (("england", "the sample"), ("borough", "Northmere")):
            found = classify_layer(
                invented_borough.lsoa,
                layer,
                frame,
                count=record["counts"]["area"][frame],
                place=place,
            )
            assert record["classes"][frame]["title"] == found.title
            assert record["classes"][frame]["numbers"] == "".join(map(str, found.numbers))
            assert [entry["colour"] for entry in record["classes"][frame]["classes"]] == [
                entry.colour for entry in found.classes
            ]


def test_counts_of_ranked_areas(carried):
    by_id = {record["id"]: record["counts"] for record in carried["layers"]}
    assert by_id["imd_2019"]["area"] == {"england": 1000, "borough": 25}
    assert by_id["imd_2019"]["msoa"] == {"england": 200, "borough": 5}
    assert by_id["covid_2020_21"]["area"] == {"england": 200, "borough": 5}
    assert by_id["no2_2021_23"]["area"] == {"england": 1000, "borough": 24}


def test_ranks_of_fuel_poverty_are_not_carried(carried):
    (fuel,) = (record for record in carried["layers"] if record["id"] == "fuel_poverty_2020")
    for kind in ("area", "msoa", "pocket"):
        assert not [name for name in fuel[kind] if name.startswith("rank")]
    assert set(fuel["area"]["fifth_england"]) <= set("12345")


def test_overlap_offers_fuel_poverty_by_fifths_only(carried):
    members = {member["title"]: member["cuts"] for member in carried["overlap"]["members"]}
    assert members["Fuel poverty"] == (0, 20, 40, 60)
    assert members["PM2.5 or NO2"] == (0, 1, 5, 10, 15, 20, 25, 30, 40, 50)


def test_withheld_values_never_reach_the_page(invented_borough):
    column = "imd_2019_withheld"
    hidden = invented_borough.lsoa.assign(**{column: [True] + [False] * 24})
    carried = page_data(dataclasses.replace(invented_borough, lsoa=hidden), links=LINKS)
    (overall,) = (record for record in carried["layers"] if record["id"] == "imd_2019")
    assert overall["area"]["value"][0] is None
    assert overall["area"]["rank_england"][0] is None
    assert overall["area"]["rank_borough"][0] is None
    assert overall["area"]["fifth_england"][0] == "0"
    assert overall["classes"]["england"]["numbers"][0] == "7"
    assert overall["area"]["value"][1] is not None


def test_columns_of_later_stages_may_be_absent(invented_borough):
    lsoa = invented_borough.lsoa
    early = lsoa.drop(columns=[name for name in lsoa if "_cluster_" in name or name == "pocket_id"])
    pockets = invented_borough.pockets.drop(columns=["recurrence", "neighbour_pockets"])
    borough = dataclasses.replace(
        invented_borough, lsoa=early, pockets=pockets.iloc[:0], chance=pd.DataFrame()
    )
    carried = page_data(borough, links=LINKS)
    assert carried["places"]["area"]["pocket"] == [-1] * 25
    assert not [name for name in carried["layers"][0]["area"] if name.startswith("cluster")]
    assert "Northmere" in borough_page(borough)


def test_small_areas_in_no_pocket_that_are_looked_for_are_listed(invented_borough):
    lsoa = invented_borough.lsoa
    alone = lsoa.index[lsoa["pocket_id"] == ""][:3]
    flagged = lsoa.assign(single=lsoa.index == alone[0], hidden=lsoa.index.isin(alone[1:]))
    borough = dataclasses.replace(invented_borough, lsoa=flagged)
    page = borough_page(borough)
    for heading, codes in (("single", alone[:1]), ("hidden", alone[1:])):
        section = page[page.index(f'id="{heading}-heading"') :].split("</section>")[0]
        assert [f'value="{code}"' in section for code in alone] == [c in codes for c in alone]
    assert page_data(borough, links=LINKS)["places"]["area"]["single"] == [
        lsoa.index.get_loc(alone[0])
    ]
    assert 'id="single-heading"' not in borough_page(invented_borough)


def test_rank_ranges_are_carried_where_they_are_known(invented_borough):
    ranked = invented_borough.lsoa.assign(
        imd_2019_rank_borough_lowest=2, imd_2019_rank_borough_highest=9
    )
    carried = page_data(dataclasses.replace(invented_borough, lsoa=ranked), links=LINKS)
    assert carried["layers"][0]["area"]["rank_span"]["from"] == [2] * 25
    assert carried["layers"][0]["area"]["rank_span"]["to"] == [9] * 25
    assert carried["layers"][0]["area"]["rank_span"]["kind"] == "range"
    assert "rank_span" not in carried["layers"][1]["area"]


def test_topology_is_the_boundaries_and_neighbours_share_their_edges(invented_borough, carried):
    shapes = decoded(carried, "areas")
    wanted = to_wgs84(invented_borough.lsoa).geometry
    for shape, original in zip(shapes, wanted, strict=True):
        assert shape.symmetric_difference(original).area < 0.02 * original.area
    touching = {
        (one, other)
        for one in range(25)
        for other in range(one)
        if shapes[one].intersection(shapes[other]).length > 0
    }
    grid = {(place, place - 1) for place in range(25) if place % 5} | {
        (place, place - 5) for place in range(5, 25)
    }
    assert touching == grid
    assert shapely.coverage_is_valid(np.array(shapes))


def test_surroundings_are_cut_to_what_can_be_seen(invented_borough):
    far = invented_borough.surroundings.iloc[[0]].translate(100_000).to_frame("geometry")
    both = pd.concat([invented_borough.surroundings, far.assign(lad_name="Farholt")])
    seen = nearby(both, invented_borough.lsoa)
    assert seen["lad_name"].to_list() == ["Westholt", "Eastholt"]
    west, _, east, _ = seen.total_bounds
    assert east - west < 3 * 2500
    for name, points in zip(seen["lad_name"], label_choices(seen), strict=True):
        assert len(points) > 10, name


def test_topology_writes_each_shared_edge_once(invented_borough):
    none = invented_borough.surroundings.iloc[:0]
    arcs = topology(invented_borough.lsoa, none, tolerance_m=0)["arcs"]
    assert sum(len(arc) - 1 for arc in arcs) == 60


def test_a_page_says_of_when_its_postcodes_are(invent, page, carried):
    told = "The postcodes are invented, as the places are."
    assert 'aria-describedby="postcodes-of"' in page
    assert f'<p class="quiet" id="postcodes-of">{told}</p>' in page
    assert carried["borough"]["postcodes_of"] == told
    made = invent(edition_id="2019")
    assert 'id="postcodes-of"' not in borough_page(made)
    dated = dataclasses.replace(catalogue()["postcodes_2022"], period="March 2031")
    real = dataclasses.replace(made, sources={**made.sources, "postcodes": (dated,)})
    told = "Postcodes of March 2031: newer ones are not known."
    assert f'id="postcodes-of">{told}</p>' in borough_page(real)
    assert page_data(real, links=LINKS)["borough"]["postcodes_of"] == told
    undated = catalogue()["code_point_open"]
    told_of = {
        "": undated,
        "Postcodes of May 2031: newer ones are not known.": dataclasses.replace(
            undated, period="May 2031"
        ),
    }
    for told, source in told_of.items():
        real = dataclasses.replace(made, sources={**made.sources, "postcodes": (source,)})
        assert page_data(real, links=LINKS)["borough"]["postcodes_of"] == told


def test_postcodes_are_found_again_in_few_characters():
    random = np.random.default_rng(3)
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    units = [one + two for one in letters for two in letters]
    codes = [f"E{number:08d}" for number in range(298)]
    postcodes = {
        f"L{outward} {digit}{unit}": codes[random.integers(298)] if at % 12 == 0 else codes[digit]
        for outward in range(1, 11)
        for digit in range(10)
        for at, unit in enumerate(random.permutation(units)[:100])
    }
    found = sectors(pd.Series(postcodes), codes)
    again = {
        f"{sector}{text[at : at + 2]}": codes[int(place)]
        for sector, areas in found.items()
        for place, text in areas.items()
        for at in range(0, len(text), 2)
    }
    assert again == postcodes
    assert len(postcodes) == 10_000
    assert len(json_for_script(found)) < 80_000


def test_postcodes_of_elsewhere_and_nonsense_are_left_out():
    postcodes = pd.Series({"L1 1AA": "E1", "L1 1AB": "E9", "nonsense": "E1", "": "E1"})
    assert sectors(postcodes, ["E1"]) == {"L1 1": {"0": "AA"}}


def test_how_to_read_is_three_sentences_and_states_the_rule(invented_borough):
    sentences = how_to_read(invented_borough)
    assert len(sentences) == 3
    assert "are all in the most deprived fifth of the sample" in sentences[1]
    tenth = dataclasses.replace(invented_borough, settings={"rule": "national", "d": 1})
    assert "most deprived tenth of the sample" in how_to_read(tenth)[1]
    own = dataclasses.replace(invented_borough, settings={"rule": "borough"})
    assert "most deprived fifth of Northmere" in how_to_read(own)[1]


def test_glance_sets_borough_beside_england(invented_borough):
    rows = {row["title"]: row for row in at_a_glance(invented_borough)}
    tenth = rows["Small areas in the most deprived tenth"]
    assert (tenth["here"], tenth["england"]) == ("12.0%", "10.0%")
    fuel = invented_borough.lsoa["fuel_poverty_2020_pct"].mean()
    assert rows["Fuel poverty"]["here"] == f"{fuel:.1f}%"
    assert rows["PM2.5"]["here"].endswith(" µg/m³")
    outside = rows["Of those it counts, outside every pocket"]
    for place, known in (("here", invented_borough.district), ("england", invented_borough.people)):
        assert outside[place] == f"{known['imd_2019_income_people_outside_pockets_pct']:.0f}%"
    assert rows["Income depri\u00advation"]["here"] == (
        f"{invented_borough.district['imd_2019_income_score']:.1%}"
    )


def test_the_page_says_whom_pockets_and_cut_offs_reach(invented_borough, page):
    (said,) = outside_every_pocket(invented_borough)
    assert f'<p class="outside">{said}</p>' in page
    assert "<summary>Whom a cut-off would reach</summary>" in page
    assert page.count('<svg class="reach"') == 1


def test_ages_of_every_place_are_carried_and_add_up(invented_borough, carried):
    for kind, places in {
        "area": invented_borough.lsoa,
        "msoa": invented_borough.msoa,
        "pocket": invented_borough.pockets.sort_values("number"),
    }.items():
        record = carried["places"][kind]
        assert record["ages"] == [places[column].to_list() for column in PEOPLE_BY_AGE]
        assert [sum(counts) for counts in zip(*record["ages"], strict=True)] == record["people"]
    assert sum(carried["ages"]["borough"]) == pytest.approx(100, abs=0.2)
    assert carried["ages"]["words"] == ["under 16", "aged 16 to 59", "aged 60 and over"]


def test_chance_is_put_in_words_from_three_layers_up(invented_borough):
    found = chance_in_words(invented_borough)
    start = "If each layer were placed independently, as smooth as it is, we would expect"
    assert found["england"] == [
        f"{start} about 1 small area in the worst fifth of the sample on at least 3 of the 4"
        " layers (95% of arrangements: 0 to 3); there are 4.",
        f"{start} no small area in the worst fifth of the sample on all 4 layers (95% of"
        " arrangements: 0 to 1); there is 1.",
    ]
    assert found["borough"] == []
    none = dataclasses.replace(invented_borough, chance=pd.DataFrame())
    assert chance_in_words(none) == {"england": [], "borough": []}


def test_the_page_says_once_what_a_missing_file_is_missed_for(invented_borough):
    lacking = dict.fromkeys(("pm25_2021_23", "no2_2021_23"), ("One grid is away.",))
    page = borough_page(dataclasses.replace(invented_borough, lacking=lacking))
    assert page.count("<li>One grid is away.</li>") == 1


def test_cautions_and_sources_stand_once_each(invented_borough):
    said = cautions(invented_borough)
    assert len(said) == len(set(said))
    assert "England and Wales = 1." in said
    assert "mid-2015" in said[0]
    (group,) = sources_by_publisher(all_sources([invented_borough, invented_borough]))
    assert group["title"] == "Office of Invention"
    used = all_sources([invented_borough])
    assert len(group["lines"]) == len({(source.attribution, source.licence) for source in used})
    assert all(any(source.title in line for line in group["lines"]) for source in used)
    assert [f"{group['title']}: {line}" for line in group["lines"]] == source_lines(used)
    assert all("Open Licence of Invention" in line for line in group["lines"])


def test_settings_are_printed_and_the_split_is_no_test_of_significance(invented_borough):
    made = how_made(invented_borough, [])
    assert "no test of significance" in made[0]
    assert (
        "Settings: rule of pockets national; cut-off of the rule 2; least rise of a peak 5.0."
        in made
    )


@pytest.mark.parametrize(
    ("pockets", "people", "strong"),
    [
        (2, 620, ["2 pockets", "62%"]),
        (1, 5, ["one pocket", "less than 1%"]),
        (1, 1000, ["one pocket", "all"]),
        (0, 0, ["no pocket"]),
    ],
)
def test_counts_and_shares_are_strong_and_no_word_is_lost(
    invented_borough, pockets, people, strong
):
    lsoa = invented_borough.lsoa.assign(population=1000 / len(invented_borough.lsoa))
    some = invented_borough.pockets.iloc[:pockets].assign(population=people / max(pockets, 1))
    borough = dataclasses.replace(invented_borough, lsoa=lsoa, pockets=some)
    parts = finding_parts(borough)
    assert "".join(text for text, _ in parts) == finding(borough)
    assert [text for text, is_strong in parts if is_strong] == strong


def test_leaflet_comes_whole_and_asks_for_no_pictures():
    assert "Leaflet 1.9" in leaflet_script()[:200]
    assert "</script" not in leaflet_script().lower()
    assert "images/" not in leaflet_style()


def test_policy_lists_only_what_it_is_given():
    assert "script-src" not in policy(scripts=[], styles=["a"])
    assert image_hosts("https://tiles.example:8443/{z}/{x}/{y}.png") == (
        "https://tiles.example:8443",
    )


def test_rounding_is_that_of_python():
    assert rounded([0.125, 2.5, np.nan], 2) == [0.12, 2.5, None]


@pytest.mark.parametrize(
    "address",
    [
        "http://tiles.example/{z}/{x}/{y}.png",
        "https://{s}.tiles.example/{z}/{x}/{y}.png",
        "https://*.tiles.example/{z}/{x}/{y}.png",
        "https://me:secret@tiles.example/{z}/{x}/{y}.png",
        "https://tiles.example; script-src 'unsafe-inline'/{z}/{x}/{y}.png",
        "https://tiles.example,https://other.example/{z}/{x}/{y}.png",
        "https://tiles.example https://other.example/{z}/{x}/{y}.png",
        "https://tiles.example\n/{z}/{x}/{y}.png",
        "https://tiles.example/{z}/{x}/{y}.png\n",
        "https://tiles.example/{z}/{x}/{y}.png'",
        'https://tiles.example/{z}/{x}/{y}.png"',
        "https://tiles.example/{z}/{x}/{y}.png</script>",
        "https://tiles.example/{z}/{x}/{y}.png\\",
        "https://tiles.example/{z}/{x}/{y}/{key}.png",
        "https://tiles.example/{z}/{x}.png",
        "https://tiles.example/{z}/{x}/{x}/{y}.png",
        "https://tiles.example:port/{z}/{x}/{y}.png",
        "https:///{z}/{x}/{y}.png",
        "//tiles.example/{z}/{x}/{y}.png",
        "javascript:alert(1)//{z}/{x}/{y}",
        "data:image/png,{z}/{x}/{y}",
        "https://tilés.example/{z}/{x}/{y}.png",
        "",
    ],
)
def test_an_address_that_is_not_of_tiles_on_one_host_is_refused(address):
    with pytest.raises(InputError, match="basemap's tiles cannot be used"):
        image_hosts(address)


def test_estimated_values_are_marked_beside_their_places(invented_borough):
    borough = invented.carried(invented_borough)
    found = {record["id"]: record for record in page_data(borough, links=LINKS)["layers"]}
    air, deaths = found["pm25_2021_23"], found["covid_2020_21"]
    assert air["area"]["marks"]["2"] == "estimated"
    assert air["msoa"]["marks"] == {"0": "estimated for 40% of its people"}
    assert air["carried"].startswith("In 3 of 25 small areas of Northmere boundaries")
    assert deaths["msoa"]["marks"] == {"1": "of the former MSOA, not ranked"}
    assert deaths["msoa"]["rank_borough"][1] is None
    assert deaths["msoa"]["value"][1] is not None
    assert deaths["counts"]["msoa"]["borough"] == 4
    for record in page_data(invented_borough, links=LINKS)["layers"]:
        assert record["carried"] == ""
        assert not any("marks" in record[kind] for kind in ("area", "msoa", "pocket"))
