"""The borough's page in a browser: what a planner does with it, the network being off."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from types import SimpleNamespace

import numpy as np
import pytest

from layers.layer import FRAMES, edition
from maps.look.classify import classify_layer, classify_overlap, classify_pair
from maps.page.borough import borough_page
from tests.invented import carried

pytestmark = pytest.mark.browser

EDITION = edition("sample")
LAYERS = [layer.id for layer in EDITION.layers]
PLACES = {"england": "the sample", "borough": "Northmere"}
PEOPLE = {"people": "population", "people of working age": "working_age_population"}
FIFTHS = ["highest fifth", "2nd fifth", "middle fifth", "4th fifth", "lowest fifth"]


def fills(page):
    """The fill of each neighbourhood, in the order of their codes."""
    return page.evaluate(
        """[...document.querySelectorAll('path.area')]
            .map(path => path.getAttribute('fill'))"""
    )


def fills_of(found):
    striped = {"plain": "{colour}", "striped": "url(#striped-{hex})"}
    patterns = [
        striped.get(entry.pattern, f"url(#{entry.pattern})").format(
            colour=entry.colour, hex=entry.colour[1:]
        )
        for entry in found.classes
    ]
    return [patterns[number] for number in found.numbers]


def legend(page):
    """Labels and counts of the legend, in order."""
    return page.evaluate(
        """[...document.querySelectorAll('#legend li')].map(li => [
            li.querySelector('.legend-label').textContent,
            parseInt(li.querySelector('.legend-count').textContent.replace(/,/g, ''), 10)])"""
    )


def classified(borough, layer_id, frame):
    layer = EDITION.layer(layer_id)
    areas = borough.lsoa if layer.geography == "LSOA" else borough.msoa
    counts = {"england": borough.counts[layer_id], "borough": int(areas[layer.value].notna().sum())}
    return classify_layer(borough.lsoa, layer, frame, count=counts[frame], place=PLACES[frame])


def select_layer(page, layer_id):
    if layer_id in LAYERS and EDITION.layer(layer_id).domain:
        page.evaluate("document.getElementById('domains').open = true")
    page.check(f"input[name=layer][value={layer_id}]")


def compare(page, frame):
    page.check(f"input[name=compare][value={frame}]", force=True)


def centre_of(page, place):
    """Where a neighbourhood can be clicked: a point inside it that nothing covers."""
    return page.evaluate(
        """place => {
            const path = document.querySelectorAll('path.area')[place];
            const box = path.getBoundingClientRect();
            for (let step = 0; step < 81; step += 1) {
                const [across, down] = [(1 + (step % 9)) / 10, (1 + Math.floor(step / 9)) / 10];
                const [x, y] = [box.left + across * box.width, box.top + down * box.height];
                if (document.elementFromPoint(x, y) === path) return [x, y];
            }
        }""",
        place,
    )


def hash_of(page):
    return dict(
        part.split("=") for part in page.evaluate("location.hash.slice(1)").split("&") if part
    )


def facts(page):
    """What the panel says of each layer: value and the rank in each frame."""
    return page.evaluate(
        """Object.fromEntries([...document.querySelectorAll('#selection .fact')].map(li => [
            li.dataset.layer,
            [li.querySelector('.fact-value').textContent,
             Object.fromEntries([...li.querySelectorAll('[data-frame]')]
                .map(rank => [rank.dataset.frame, rank.textContent]))]]))"""
    )


def ordinal(number):
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def rank_words(layer, row, frame, count):
    if not layer.ranks_in_words:
        return f"{FIFTHS[int(row[layer.quintile_column(frame)]) - 1]} in {PLACES[frame]}"
    rank = row[layer.rank_column(frame)]
    return f"{ordinal(int(rank))} of {count:,} in {PLACES[frame]}"


def value_words(layer, row, kind="area"):
    """The value as the table shows it: fuel poverty of a neighbourhood as a fifth, shares in %."""
    if kind == "area" and not layer.ranks_in_words:
        fifth = FIFTHS[int(row[layer.quintile_column("england")]) - 1]
        return fifth[0].upper() + fifth[1:]
    value = row[layer.value] * (100 if layer.share_of else 1)
    if np.isnan(value):
        return "No value"
    unit = {"%": "%", "µg/m³": " µg/m³"}.get(layer.unit, "")
    return f"{value:.{layer.decimals}f}{unit}"


def people_words(layer, row):
    """The people that a share of people amounts to, as the panel adds them."""
    if not layer.share_of:
        return ""
    count = round(row[layer.value] * row[PEOPLE[layer.share_of]])
    return f" — about {count:,} {layer.share_of} (mid-2015)"


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_first_screen(visit, size, invented_borough):
    page = visit(size=size)
    assert page.inner_text("h1") == "Northmere"
    assert "has 2 pockets of deprivation" in page.inner_text("#finding")
    assert len(fills(page)) == 25
    assert page.locator("#pockets button").all_inner_texts() == [
        "1\nAlder Bank\n3,564",
        "2\nDamson End\n4,315",
    ]
    assert page.locator(".leaflet-names-pane .badge").all_inner_texts() == ["1", "2"]
    box = page.locator("#map_borough").bounding_box()
    assert box["y"] + box["height"] <= page.viewport_size["height"]
    if size == "phone":
        assert box["height"] == pytest.approx(0.55 * 844, abs=1)
    outlines = page.locator("path.rim:not(.broken)[stroke='#f46a25'][stroke-width='2.5']")
    assert outlines.count() == 2
    assert page.title() == (
        "Northmere: Overall deprivation (Index of Multiple Deprivation) – pockets of deprivation"
    )


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_every_layer_in_both_comparisons(visit, size, invented_borough):
    page = visit(size=size)
    for frame in FRAMES:
        compare(page, frame)
        for layer_id in LAYERS:
            select_layer(page, layer_id)
            found = classified(invented_borough, layer_id, frame)
            assert fills(page) == fills_of(found), (layer_id, frame)
            assert legend(page) == [[entry.label, entry.count] for entry in found.legend]
            assert page.inner_text(".legend-title") == found.title
            assert hash_of(page).get("layer", LAYERS[0]) == layer_id
            words = page.text_content("#map-words")
            layer = EDITION.layer(layer_id)
            assert words.startswith(
                f"Map of Northmere: {layer.title}, compared with {PLACES[frame]}."
            )
            assert layer.question in page.inner_text("#layer-words")
            assert page.inner_text("#said").startswith(layer.title) or (frame, layer_id) == (
                "england",
                LAYERS[0],
            )


def test_comparison_changes_words_colours_and_ranks_together(visit, invented_borough):
    page = visit(address="#place=E01900000")
    row = invented_borough.lsoa.loc["E01900000"]
    layer = EDITION.layer("imd_2019")
    england = fills(page)
    assert page.inner_text(".legend-title") == "Rank in the sample"
    assert page.locator(".fact.current strong").inner_text() == rank_words(
        layer, row, "england", 1000
    )
    assert "the sample’s most deprived tenth" in page.inner_text("#caption")
    compare(page, "borough")
    assert fills(page) != england
    assert page.inner_text(".legend-title") == "Rank in Northmere"
    assert page.locator(".fact.current strong").inner_text() == rank_words(
        layer, row, "borough", 25
    )
    assert "compares places inside Northmere" in page.inner_text("#said")
    assert page.locator("#table thead").inner_text().count("Class (Northmere)") == 1


def test_panel_says_what_the_table_says(visit, invented_borough, until):
    page = visit()
    for kind, table, codes in (
        ("area", invented_borough.lsoa, ["E01900000", "E01900202", "E01900404"]),
        ("msoa", invented_borough.msoa, ["E02900001", "E02900004"]),
        ("pocket", invented_borough.pockets, list(invented_borough.pockets.index)),
    ):
        for code in codes:
            page.evaluate("code => { location.hash = `place=${encodeURIComponent(code)}` }", code)
            until(
                page,
                "code => document.querySelector('#selection h2') && location.hash.includes(code)",
                code,
            )
            said = facts(page)
            row = table.loc[code]
            for layer in EDITION.layers:
                value, ranks = said[layer.id]
                told = value_words(layer, row, kind) + people_words(layer, row)
                assert value == told, (code, layer.id)
                if np.isnan(row[layer.value]):
                    assert ranks == {}
                    continue
                for frame in FRAMES:
                    assert ranks[frame] == expected_rank(invented_borough, layer, kind, row, frame)


def expected_rank(borough, layer, kind, row, frame):
    """The rank in words, from the table: MSOAs among MSOAs, pockets among pockets."""
    if kind == "area":
        own = borough.lsoa if layer.geography == "LSOA" else borough.msoa
        counts = {"england": borough.counts[layer.id], "borough": int(own[layer.value].count())}
        return rank_words(layer, row, frame, counts[frame])
    pocket = kind == "pocket"
    if not layer.ranks_in_words:
        if pocket and frame == "borough":
            return f"too few pockets in {PLACES[frame]}"
        fifth = FIFTHS[int(row[layer.quintile_column(frame)]) - 1]
        return f"{fifth}{' of pockets' * pocket} in {PLACES[frame]}"
    counts = {"england": 40, "borough": 2} if pocket else {"england": 200, "borough": 5}
    rank = ordinal(int(row[f"{layer.id}_rank_{frame}"]))
    return f"{rank} of {counts[frame]:,}{' pockets' * pocket} in {PLACES[frame]}"


def test_panel_tells_period_source_interval_msoa_mark_and_profile(visit, invented_borough):
    page = visit(address="#place=E01900101&layer=covid_2020_21")
    row = invented_borough.lsoa.loc["E01900101"]
    text = page.inner_text("#selection")
    low, high = row["covid_2020_21_ratio_lower"], row["covid_2020_21_ratio_upper"]
    assert f"MSOA value · 95% interval {low:.2f} to {high:.2f}" in text
    assert "Deaths registered March 2020 to April 2021. Source: Office of Invention." in text
    assert f"{row['population']:,.0f} people (mid-2015)" in text
    assert "Part of pocket 1, Alder Bank" in text.replace("\n", " ")
    link = page.locator("#selection .panel-links a")
    assert link.get_attribute("href") == "profiles/E02900001.html"
    assert link.inner_text() == "Profile of Birch Cross & Mill"


def test_the_pockets_in_the_order_a_reader_chooses(visit):
    page = visit()
    listed = page.locator("#pockets button")
    assert "people in the sample’s most deprived tenth (mid-2015)" in page.inner_text("#behind")
    page.select_option("#order", "people")
    assert listed.all_inner_texts() == ["2\nDamson End\n7,028", "1\nAlder Bank\n5,804"]
    assert page.inner_text("#behind") == "people (mid-2015)"
    assert page.inner_text("#said") == "Pockets in order of all their people."
    assert hash_of(page)["order"] == "people"
    listed.nth(0).click()
    assert page.inner_text("#selection h2").split("\n")[-1].endswith("Damson End")
    assert listed.nth(0).get_attribute("aria-current") == "true"
    page.go_back()
    page.go_back()
    assert listed.all_inner_texts()[0] == "1\nAlder Bank\n3,564"
    assert page.input_value("#order") == "worst"


def test_a_link_keeps_the_order_of_the_pockets(visit):
    page = visit(address="#layer=imd_2019&order=people")
    assert page.locator("#pockets button").all_inner_texts()[0].startswith("2\nDamson End")
    page = visit(address="#layer=imd_2019&order=nothing")
    assert page.locator("#pockets button").all_inner_texts()[0].startswith("1\nAlder Bank")


def test_pocket_panel_and_its_neighbourhoods(visit, invented_borough):
    page = visit()
    page.click("#pockets button >> nth=1")
    pocket = invented_borough.pockets.iloc[1]
    text = page.inner_text("#selection")
    assert f"4 small areas · 7,028 people (mid-2015) · {pocket['area_km2']:.1f} km²" in text
    assert "It came back in 87% of 200 reasonable ways of counting" in text
    ranks = [int(pocket[f"imd_2019_rank_{frame}"]) for frame in ("england", "borough")]
    assert f"{ordinal(ranks[0])} of 40 pockets in the sample" in text
    assert f"{ordinal(ranks[1])} of 2 pockets in Northmere" in text
    assert "61% of its people live in the sample’s most deprived tenth" in text
    assert page.get_attribute("#pockets button >> nth=1", "aria-current") == "true"
    assert page.inner_text("#said").startswith("Pocket 2, Damson End.")
    page.click("#selection summary >> nth=0")
    page.click("#selection .members button >> nth=0")
    assert hash_of(page)["place"] == pocket["lsoa_codes"][0]
    assert page.evaluate("document.activeElement.id") == "selection-heading"


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_select_by_click_tells_everyone(visit, size, invented_borough):
    page = visit(size=size)
    page.mouse.click(*centre_of(page, 12))
    code = invented_borough.lsoa.index[12]
    assert hash_of(page)["place"] == code
    assert page.inner_text("#selection h2") == invented_borough.lsoa.at[code, "area_name"]
    assert page.get_attribute("#rows tr.chosen button", "aria-current") == "true"
    assert page.inner_text("#said").startswith("Northmere 003C, in Cedar Dale. Overall deprivation")
    page.click("#selection >> text=Clear")
    assert "place" not in hash_of(page)
    assert page.inner_text("#said") == "Nothing is selected."


def test_no_data_is_hatched_and_said(visit):
    page = visit(address="#layer=no2_2021_23&place=E01900202")
    assert fills(page)[12] == "url(#hatched)"
    assert fills(page).count("url(#hatched)") == 1
    assert legend(page)[-1] == ["No value", 1]
    assert facts(page)["no2_2021_23"][0] == "No value"


def test_select_in_the_table_and_sort_it(visit, invented_borough):
    page = visit()
    lsoa = invented_borough.lsoa
    worst_first = lsoa.sort_values("imd_2019_rank")["area_name"].to_list()
    names = page.locator("#rows th .as-link").all_inner_texts()
    assert names == worst_first
    assert page.get_attribute("#headings th >> nth=5", "aria-sort") == "ascending"
    page.click("#rows th .as-link >> nth=2")
    assert page.inner_text("#selection h2") == worst_first[2]
    page.click("#headings button >> text=People, 2015")
    assert page.inner_text("#said") == "Sorted by People, 2015, smallest first."
    page.click("#headings button >> text=People, 2015")
    names = page.locator("#rows th .as-link").all_inner_texts()
    assert names == lsoa.sort_values("population", ascending=False)["area_name"].to_list()
    assert page.locator("#rows tr.chosen").count() == 1


def test_the_caption_counts_those_in_the_worst_tenth(visit, invented_borough):
    page = visit(address="#layer=imd_2019&compare=england")
    ranks = invented_borough.lsoa["imd_2019_rank"]
    tenth, twentieth = ((ranks <= 1000 // parts).sum() for parts in (10, 20))
    assert tenth != twentieth
    assert page.inner_text("#caption").startswith(f"{tenth} of ")


def test_missing_values_stand_last_whichever_way_a_table_is_sorted(visit, lacking):
    page = visit(lacking.path)
    gaps = lacking.lsoa[[layer.value for layer in EDITION.layers]].isna()
    order = next(order for order, column in enumerate(gaps) if gaps[column].any())
    without = set(lacking.lsoa["area_name"][gaps.iloc[:, order]])
    for _ in range(2):
        page.click(f"#headings th:nth-child({9 + order}) button")
        names = page.locator("#rows th .as-link").all_inner_texts()
        assert set(names[-len(without) :]) == without


def test_table_holds_every_layer_of_every_neighbourhood(visit, invented_borough):
    page = visit()
    rows = page.evaluate(
        """[...document.querySelectorAll('#rows tr')]
            .map(row => [...row.children]
                .map(cell => (cell.querySelector(".as-link") || cell).textContent))"""
    )
    by_name = invented_borough.lsoa.set_index("area_name")
    assert len(rows) == 25
    for row in rows:
        known = by_name.loc[row[0]]
        assert row[3] == f"{known['population']:,}"
        assert row[8:] == [value_words(layer, known) for layer in EDITION.layers]


def overlap_by_hand(lsoa, frame, cuts):
    """On how many counts each neighbourhood is among the worst, from the ranks and fifths alone."""
    sizes = {"imd_2019": 1000, "pm25_2021_23": 1000, "no2_2021_23": 1000, "covid_2020_21": 200}
    if frame == "borough":
        sizes = {name: int(lsoa[EDITION.layer(name).value].notna().sum()) for name in sizes}
        sizes["covid_2020_21"] = 5

    def within(layer_id, cut):
        ranks = lsoa[EDITION.layer(layer_id).rank_column(frame)]
        return ranks * 100 <= cut * sizes[layer_id]

    fuel = lsoa[f"fuel_poverty_2020_quintile_{frame}"] * 20 <= cuts[1]
    air = within("pm25_2021_23", cuts[2]) | within("no2_2021_23", cuts[2])
    return sum(
        part.astype(int)
        for part in (within("imd_2019", cuts[0]), fuel, air, within("covid_2020_21", cuts[3]))
    )


def known_by_hand(lsoa, frame, cuts):
    """Of how many counts it is known whether each neighbourhood is among the worst."""

    def lacks(*layer_ids):
        columns = [f"{layer_id}_quintile_{frame}" for layer_id in layer_ids]
        return lsoa[columns].isna().any(axis=1)

    alone = [0, 0, cuts[2], 0]
    found = overlap_by_hand(lsoa, frame, alone) > 0
    unknown = {
        0: lacks("imd_2019"),
        1: lacks("fuel_poverty_2020"),
        2: lacks("pm25_2021_23", "no2_2021_23") & ~found,
        3: lacks("covid_2020_21"),
    }
    return 4 - sum(each.astype(int) for place, each in unknown.items() if cuts[place])


def overlap_table(page):
    return page.evaluate(
        """[...document.querySelectorAll('#overlap-counts tr')]
            .map(row => [...row.children].map(cell => cell.textContent))"""
    )


def overlap_words(lsoa, counts):
    rows = []
    for least in (4, 3, 2, 1):
        those = counts >= least
        label = "On all 4" if least == 4 else f"On {least} or more"
        rows.append([label, str(int(those.sum())), f"{lsoa.loc[those, 'population'].sum():,}"])
    return rows


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_overlap_sliders_count_as_python_does(visit, size, invented_borough):
    page = visit(size=size)
    lsoa = invented_borough.lsoa
    select_layer(page, "overlap")
    for frame in FRAMES:
        compare(page, frame)
        cuts = [20, 20, 20, 20]
        keys = ["imd", "fuel", "air", "covid"]
        for place, key, wanted in (
            (0, "ArrowRight", 25),
            (1, "ArrowRight", 40),
            (2, "End", 50),
            (3, "Home", 0),
        ):
            page.press(f"#cut-{place}", key)
            cuts[place] = wanted
            counts = overlap_by_hand(lsoa, frame, cuts)
            assert overlap_table(page) == overlap_words(lsoa, counts), (frame, keys[place])
            known = known_by_hand(lsoa, frame, cuts)
            assert fills(page) == fills_of(
                classify_overlap(counts, of=4, place=PLACES[frame], known=known)
            )
        assert page.inner_text("#cut-1-words") == "worst 40%"
        assert page.get_attribute("#cut-3", "aria-valuetext") == "left out"
        assert page.get_attribute("#cut-1", "aria-valuetext") == f"worst 40% of {PLACES[frame]}"
        several = int((counts >= 2).sum())
        assert (
            f"{several} small areas of Northmere are among the worst of {PLACES[frame]} on two"
            in page.inner_text("#said")
        )
        for place, key in ((0, "ArrowLeft"), (1, "ArrowLeft")):
            page.press(f"#cut-{place}", key)
        for place in (2, 3):
            page.evaluate(
                """place => {
                    const slider = document.getElementById(`cut-${place}`);
                    slider.value = 5;
                    slider.dispatchEvent(new Event('input'));
                }""",
                place,
            )
    assert "people (mid-2015)" in page.inner_text("#overlap thead").lower()


def test_overlap_of_worst_fifths_is_compared_with_chance(visit):
    page = visit(address="#layer=overlap")
    met = "in the worst fifth of the sample on at least 3 of the 4 layers"
    assert f"would expect about 1 small area {met}" in page.inner_text("#chance")
    compare(page, "borough")
    assert "would expect" not in page.inner_text("#chance")


def test_two_layers_together(visit, invented_borough):
    page = visit()
    select_layer(page, "pair")
    page.select_option("#pair-second", "covid_2020_21")
    found = classify_pair(
        invented_borough.lsoa["imd_2019_quintile_england"],
        invented_borough.lsoa["covid_2020_21_quintile_england"],
        titles=("Overall deprivation (IMD)", "COVID-19 mortality ratio"),
    )
    assert fills(page) == fills_of(found)
    cells = page.locator("table.pair tbody td").all_inner_texts()
    assert cells == [str(entry.count) for entry in found.classes[:9]]
    assert hash_of(page)["pair"] == "imd_2019,covid_2020_21"
    page.mouse.click(*centre_of(page, 0))
    assert found.labels.iloc[0] in page.inner_text("#said")


def download(page, selector):
    with page.expect_download() as waiting:
        page.click(selector)
    path = waiting.value.path()
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    text = raw.decode("utf-8-sig")
    return waiting.value.suggested_filename, list(csv.DictReader(io.StringIO(text, newline="")))


def test_download_is_what_is_seen(visit, invented_borough):
    page = visit(address="#layer=no2_2021_23&compare=borough")
    name, rows = download(page, "#table .download")
    assert name == "northmere-no2_2021_23-borough.csv"
    lsoa = invented_borough.lsoa
    seen = page.locator("#rows th .as-link").all_inner_texts()
    assert [row["area_name"] for row in rows] == seen
    assert sorted(row["area_code"] for row in rows) == sorted(lsoa.index)
    found = classified(invented_borough, "no2_2021_23", "borough")
    pockets = invented_borough.pockets
    for place, row in enumerate(rows):
        known = lsoa.loc[row["area_code"]]
        value = known["no2_2021_23_ugm3"]
        assert row["no2_2021_23"] == ("" if np.isnan(value) else f"{value:.1f}")
        assert row["imd_2019"] == f"{known['imd_2019_score']:.1f}"
        assert row["fuel_poverty_2020_fifth_england"] in "12345"
        pocket = known["pocket_id"]
        assert row["pocket_id"] == pocket
        number = str(pockets.loc[pocket, "number"]) if pocket else ""
        assert row["pocket_number"] == number
        assert row["population_2015"] == str(known["population"])
        assert row["class_Northmere"] == found.labels[row["area_code"]]
        assert ("Office of Invention" in row["periods_and_sources"]) == (place == 0)
    assert "25 small areas was handed to your browser" in page.inner_text("#said")


@pytest.mark.parametrize(
    ("layer_id", "column", "form"),
    [
        ("imd_2019_income", "imd_2019_income_pct", "{:.1%}"),
        ("imd_2019_crime", "imd_2019_crime", "{:.2f}"),
        ("fuel_poverty_2020", None, ""),
    ],
)
def test_download_holds_values_as_they_are_seen(visit, invented_borough, layer_id, column, form):
    page = visit(address=f"#layer={layer_id}")
    _, rows = download(page, "#table .download")
    layer, lsoa = EDITION.layer(layer_id), invented_borough.lsoa
    values = {name for row in rows for name in row if name.startswith(layer_id)}
    values -= {name for name in values if re.search("_(rank|fifth)_(england|borough)$", name)}
    assert len(set(rows[0])) == len(rows[0])
    assert values == ({column} if column else set())
    for row in rows:
        known = lsoa.loc[row["area_code"]]
        if column:
            assert float(row[column]) == float(form.format(known[layer.value]).rstrip("%"))
        fifth = int(known[layer.quintile_column("england")])
        assert row[f"{layer_id}_fifth_england"] == str(fifth)


def test_download_of_the_overlap_holds_counts_and_cut_offs(visit, invented_borough):
    page = visit(address="#layer=overlap&worst=10,40,20,50")
    _, rows = download(page, "#overlap .download")
    counts = overlap_by_hand(invented_borough.lsoa, "england", [10, 40, 20, 50])
    told = {row["area_code"]: int(row["layers_among_worst"]) for row in rows}
    assert told == counts.to_dict()
    assert rows[0]["cut_offs"].startswith(
        "Overall deprivation (IMD): worst 10% of the sample; Fuel"
    )
    assert "fuel_poverty_2020_fifth_england" in rows[0]
    assert not [name for name in rows[0] if name.startswith("fuel_poverty_2020_rank")]


@pytest.fixture
def lacking(invented_borough, tmp_path):
    """A page of a borough of which a third lacks both pollutants, and one all that is counted."""
    lsoa = invented_borough.lsoa.copy()
    third, one = lsoa.index[::3], lsoa.index[1]
    stems = {"pm25_2021_23", "no2_2021_23"}
    counted = {member for members in EDITION.overlap for member in members}
    for code, names in [*((code, stems) for code in third), (one, counted)]:
        own = [
            name for name in lsoa if str(name).startswith(tuple(names)) and "cluster" not in name
        ]
        lsoa.loc[code, own] = np.nan
    borough = dataclasses.replace(invented_borough, lsoa=lsoa)
    path = tmp_path / "lacking.html"
    path.write_text(borough_page(borough), encoding="utf-8", newline="\n")
    return SimpleNamespace(path=path, lsoa=lsoa, third=third)


@pytest.mark.parametrize("frame", FRAMES)
def test_what_lacks_a_value_is_never_shown_as_not_among_the_worst(visit, lacking, frame):
    page = visit(lacking.path, address=f"#layer=overlap&compare={frame}")
    compare(page, frame)
    cuts = [20, 20, 20, 20]
    counts = overlap_by_hand(lacking.lsoa, frame, cuts)
    known = known_by_hand(lacking.lsoa, frame, cuts)
    assert sorted(known.unique()) == [0, 3, 4]
    classes = classify_overlap(counts, of=4, place=PLACES[frame], known=known)
    assert fills(page) == fills_of(classes)
    assert legend(page) == [[entry.label, entry.count] for entry in classes.legend]
    assert page.inner_text("#overlap-unknown").startswith(f"{int((known < 4).sum())} small areas")
    open_ones = int(((counts < 2) & (counts + 4 - known >= 2)).sum())
    assert f"Of {open_ones} more it is not known" in page.inner_text("#caption")
    words = page.text_content("#map-words")
    assert "On none of those known: " in words
    assert "No value: 1" in words
    texts = set(page.locator("#rows td:nth-child(5)").all_inner_texts())
    assert {text for text in texts if text.startswith("at least ")}
    _, rows = download(page, "#overlap .download")
    assert {row["area_code"]: int(row["layers_known"]) for row in rows} == known.to_dict()
    assert {row["area_code"]: row["layers_among_worst"] for row in rows} == {
        code: str(counts[code]) if known[code] else "" for code in counts.index
    }


@pytest.mark.parametrize("frame", FRAMES)
def test_a_share_is_of_the_neighbourhoods_with_a_value_and_says_how_many_have_none(
    visit, lacking, frame
):
    page = visit(lacking.path, address="#layer=no2_2021_23")
    compare(page, frame)
    layer = EDITION.layer("no2_2021_23")
    without = int(lacking.lsoa[layer.value].isna().sum())
    caption = page.inner_text("#caption")
    assert f"the {25 - without} small areas with a value" in caption
    assert f"{without} have no value." in caption
    if frame == "england":
        share = lacking.lsoa[layer.rank_column("england")].dropna() * 10 <= 1000
        assert f"({100 * share.mean():.0f}%)" in caption or not share.any()
    page = visit(lacking.path, address="#layer=imd_2019_income")
    assert page.inner_text("#caption").count("1 has no value.") == 1


@pytest.fixture
def of_former_areas(invented_borough, tmp_path):
    """A page of a borough whose air and mortality were carried from areas of another census."""
    borough = carried(invented_borough)
    path = tmp_path / "carried.html"
    path.write_text(borough_page(borough), encoding="utf-8", newline="\n")
    return SimpleNamespace(path=path, lsoa=borough.lsoa, msoa=borough.msoa)


def test_what_was_carried_is_marked_wherever_it_is_read(visit, of_former_areas):
    first, msoa = of_former_areas.lsoa.index[0], of_former_areas.msoa.index
    page = visit(of_former_areas.path, address=f"#layer=pm25_2021_23&place={first}")
    fact = page.locator('#selection [data-layer="pm25_2021_23"]')
    assert "Estimated: of the former LSOA" in fact.inner_text()
    assert "Estimated" not in page.locator('#selection [data-layer="no2_2021_23"]').inner_text()
    assert "In 3 of 25 small areas of Northmere" in page.inner_text("#layer-words")
    assert "In 3 of 25 small areas of Northmere" in page.text_content("#map-words")
    assert "[e] an estimate" in page.inner_text("#table-caption")
    cells = page.locator("#rows td:nth-child(5)").all_inner_texts()
    assert sum(cell.endswith(" [e]") for cell in cells) == 3
    _, rows = download(page, "#table .download")
    assert sum(row["pm25_2021_23_estimated"] == "true" for row in rows) == 3
    page = visit(of_former_areas.path, address=f"#layer=covid_2020_21&place={msoa[1]}")
    fact = page.locator('#selection [data-layer="covid_2020_21"]')
    assert "Of the former MSOA, not ranked" in fact.inner_text()
    assert "shows the ratio of a former neighbourhood" in page.inner_text("#layer-words")
    assert "of 4 areas (MSOAs)" in page.inner_text("#caption")
    page = visit(of_former_areas.path, address=f"#place={msoa[0]}")
    fact = page.locator('#selection [data-layer="pm25_2021_23"]')
    assert "Estimated for 40% of its people" in fact.inner_text()


def test_download_neutralises_formulas(visit, nasty_borough):
    page = visit("nasty")
    _, rows = download(page, "#table .download")
    names = nasty_borough.lsoa["area_name"].to_list()
    told = {row["area_code"]: row["area_name"] for row in rows}
    got = [told[code] for code in nasty_borough.lsoa.index]
    assert got[2] == "'" + names[2]
    assert got[3] == "'" + names[3]
    assert got[0] == names[0]
    assert got[4:6] == names[4:6]
    assert not [
        cell for row in rows for cell in row.values() if re.match(r"[=+@\t\r]|-(?!\d)", cell)
    ]


def test_address_shows_the_same_again(visit, until):
    page = visit()
    select_layer(page, "overlap")
    compare(page, "borough")
    page.press("#cut-0", "ArrowLeft")
    page.mouse.click(*centre_of(page, 7))
    page.click("#zoom-in")
    until(page, "location.hash.includes('view=')")
    address = page.evaluate("location.hash")
    before = (fills(page), page.inner_text("#selection h2"), page.inner_text("#legend"))
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.evaluate("location.hash") == address
    assert (fills(page), page.inner_text("#selection h2"), page.inner_text("#legend")) == before
    assert page.is_checked("input[name=layer][value=overlap]")
    assert page.is_checked("input[name=compare][value=borough]")
    assert page.inner_text("#cut-0-words") == "worst 15%"
    other = visit(address=address, size="phone")
    assert fills(other) == before[0]


def test_back_and_forward(visit):
    page = visit()
    first = fills(page)
    select_layer(page, "covid_2020_21")
    second = fills(page)
    page.mouse.click(*centre_of(page, 3))
    assert page.is_visible("#selection")
    page.go_back()
    assert page.is_hidden("#selection")
    assert fills(page) == second
    page.go_back()
    assert fills(page) == first
    assert page.is_checked("input[name=layer][value=imd_2019]")
    page.go_forward()
    assert fills(page) == second


@pytest.mark.parametrize(
    "address",
    [
        "#layer=nonsense&compare=x&place=E00&worst=1,2&pair=a,b&view=x,y,z",
        "#%E0%A4%A",
        "#view=1e9,0,3",
    ],
)
def test_nonsense_in_the_address_is_left_out(visit, address):
    page = visit(address=address)
    assert len(set(fills(page))) > 2
    assert page.is_checked("input[name=layer][value=imd_2019]")


def test_names_that_try_to_run_are_shown_as_text(visit, nasty_borough, until):
    page = visit("nasty")
    assert page.inner_text("h1") == nasty_borough.name
    names = nasty_borough.lsoa["area_name"].to_list()
    assert set(page.locator("#rows th .as-link").all_inner_texts()) >= set(names[:2] + names[6:8])
    for code in nasty_borough.lsoa.index[:8]:
        page.evaluate("code => { location.hash = `layer=pair&place=${code}` }", code)
        name = nasty_borough.lsoa.at[code, "area_name"]
        until(page, "name => document.querySelector('#selection h2')?.textContent === name", name)
        assert name in page.text_content("#selection")
    page.fill("#find-text", "window.hurt")
    assert page.locator("#found [role=option]").count() > 0
    page.fill("#find-text", "<script>window.hurt = 9</script>")
    page.press("#find-text", "Enter")
    page.click("#zoom-in")
    assert page.evaluate("window.hurt") is None
    assert page.locator("#finding b, #finding svg").count() == 0


def test_borough_without_pockets(visit):
    page = visit("none")
    assert "no pocket of deprivation" in page.inner_text("#finding")
    assert page.locator(".badge").count() == 0
    assert "None here: no two small areas" in page.inner_text("#pockets")
    assert len(fills(page)) == 25


def test_fiction_is_told_and_real_places_are_not(visit):
    assert "Northmere does not exist" in visit().inner_text(".fiction")
    assert visit("real").locator(".fiction").count() == 0


def test_index_page_sorts_numbers_as_numbers(visit):
    page = visit("index")
    sorted_values = page.evaluate(
        """() => {
            const rows = document.getElementById("rows");
            for (const value of ["9", "", "100", "10"]) {
                const row = rows.children[0].cloneNode(true);
                row.children[1].dataset.value = value;
                rows.append(row);
            }
            rows.children[0].remove();
            document.querySelectorAll("#headings button")[1].click();
            return [...rows.children].map(row => row.children[1].dataset.value).slice(-4);
        }"""
    )
    assert sorted_values == ["100", "10", "9", ""]


def test_index_page_sorts_and_opens_a_borough(visit):
    page = visit("index")
    page.click("#headings button >> text=People in them")
    assert page.text_content("#said") == "Sorted by People in them (mid-2015), largest first."
    assert page.locator("svg a").first.get_attribute("href") == "northmere/index.html"
