from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest

from geo.stats.rank import tenths
from layers.findings.gradients import gradients_of
from maps.look.numbers import TOO_FEW_POCKETS, TOO_FEW_TO_RANK
from maps.profiles import profile
from maps.profiles.comparable import compared_layers, nearest, standardised
from maps.profiles.context import context_of, peers_of
from maps.profiles.rows import (
    decile,
    rank_among_pockets,
    rank_in_words,
    span,
    spans_explained,
)
from tests import invented

SERIES = invented.series_of(
    "E06900001", {2017: ("LIHC", 123, 100), 2018: ("LIHC", 130, 100), 2019: ("LILEE", 165, 120)}
)


class Page(HTMLParser):
    """A page taken apart: links, ids, headings, tables as rows of texts, open elements."""

    VOID: ClassVar = {"meta", "circle", "path", "rect", "br"}

    def __init__(self, text):
        super().__init__()
        self.links, self.ids, self.headings, self.tables, self.open = [], [], [], [], []
        self.lang, self.roles, self.problems = "", [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if tag == "a" else []
        self.lang = given.get("lang", self.lang)
        if "style" in given or any(name.startswith("on") for name in given):
            self.problems.append((tag, given))
        if tag == "table":
            self.tables.append({"caption": "", "rows": [], "scopes": []})
        if tag == "tr":
            self.tables[-1]["rows"].append([])
        if tag in {"td", "th"}:
            self.tables[-1]["rows"][-1].append("")
        if tag == "th":
            self.tables[-1]["scopes"].append(given.get("scope"))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append([tag, ""])
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        if "svg" in self.open:
            return
        if "caption" in self.open:
            self.tables[-1]["caption"] += text
        elif {"td", "th"} & set(self.open):
            self.tables[-1]["rows"][-1][-1] += text
        if self.open and re.fullmatch("h[1-6]", self.open[-1]):
            self.headings[-1][1] += text


@pytest.fixture(scope="module")
def boroughs(invented_boroughs):
    return with_gradients(invented_boroughs)


def with_gradients(boroughs):
    found = {}
    for name, borough in boroughs.items():
        of = gradients_of(borough.edition, borough.lsoa, borough.msoa)
        found[name] = replace(borough, gradients=of.indices, gradient_parts=of.parts)
    return found


@pytest.fixture(scope="module")
def context(boroughs):
    region = peers_of(list(boroughs.values()))
    return context_of(replace(boroughs["northmere"], fuel_series=SERIES), region)


@pytest.fixture(scope="module")
def pages(context):
    borough = context.borough
    return {
        "msoa": profile.msoa_profile(context, borough.msoa.index[0]),
        "pocket": profile.pocket_profile(context, borough.pockets.index[0]),
        "borough": profile.borough_profile(context),
    }


def table(text, caption):
    return next(one for one in Page(text).tables if one["caption"].startswith(caption))


def cells(row):
    return [" ".join(cell.split()) for cell in row]


@pytest.mark.parametrize("kind", ["msoa", "pocket", "borough"])
def test_a_page_is_whole_accessible_and_asks_for_nothing(pages, kind):
    text = pages[kind]
    page = Page(text)
    assert page.lang == "en-GB"
    assert [tag for tag, _ in page.headings].count("h1") == 1
    levels = [int(tag[1]) for tag, _ in page.headings]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(page.ids) == len(set(page.ids))
    assert page.problems == []
    assert re.search(r"<title>[^<]+</title>", text)
    assert [text.count(f"<{landmark}") for landmark in ("main", "nav", "footer")] == [1, 1, 1]
    assert all(one["caption"] and set(one["scopes"]) <= {"col", "row"} for one in page.tables)
    assert not re.search(r"<script|https?://(?!www\.w3)|<img|<link", text)
    assert "default-src &#39;none&#39;" in text
    named = re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', text)
    assert {name for names in named for name in names.split()} <= set(page.ids)


@pytest.mark.parametrize("kind", ["msoa", "pocket", "borough"])
def test_a_page_of_a_fictional_place_says_so(pages, kind):
    assert "Northmere does not exist." in pages[kind]


def test_no_sentence_says_what_must_not_be_said(pages):
    for text in pages.values():
        said = re.sub(r"<[^>]+>", " ", text).lower()
        assert not re.search(
            r"twice as|times as deprived|deprived people|people are deprived", said
        )
        assert not re.search(r"\b(causes?|caused|because of) (deprivation|poverty)", said)
        assert not re.search(r"fuel poverty[^.]{0,40}\b\d+(st|nd|rd|th) of", said)


def test_every_layer_of_an_msoa_has_its_value_and_standings(context, pages):
    borough = context.borough
    place = borough.msoa.iloc[0]
    rows = [cells(row) for row in table(pages["msoa"], "Every layer")["rows"]]
    assert rows[0][:6] == [
        "Layer",
        "Here",
        "Northmere",
        "The sample",
        "Rank in Northmere",
        "Rank in the sample",
    ]
    by_name = {row[0]: row for row in rows[1:]}
    assert list(by_name) == [layer.short for layer in borough.edition.layers]
    no2 = by_name["NO2"]
    assert no2[1] == f"{place['no2_2021_23_ugm3']:.1f} µg/m³"
    assert no2[2] == f"{borough.district['no2_2021_23_ugm3']:.1f} µg/m³"
    assert no2[3] == f"{borough.england['no2_2021_23']:.1f} µg/m³"
    assert no2[4] == "too few areas to rank here"
    assert (
        "Overall it is more deprived than 6 of the other 7 neighbourhoods of the sample (2nd of 8,"
        " counted from the most deprived)."
        " Northmere has 4 neighbourhoods, too few to rank among themselves."
    ) in " ".join(pages["msoa"].split())
    rank = int(place["no2_2021_23_rank_england"])
    assert no2[5] == f"{rank} of 8 (decile {-(-rank * 10 // 8)})"
    ratio = by_name["COVID-19 mortality ratio"]
    assert ratio[1] == "0.29 0.17 to 0.46"


@pytest.mark.parametrize("kind", ["msoa", "pocket", "borough"])
def test_shares_of_people_are_given_in_per_cent_and_in_people(context, pages, kind):
    borough = context.borough
    place = {
        "msoa": borough.msoa.iloc[0],
        "pocket": borough.pockets.iloc[0],
        "borough": borough.district,
    }[kind]
    rows = {row[0]: row for row in map(cells, table(pages[kind], "Every layer")["rows"])}
    income, employment = place["imd_2019_income_score"], place["imd_2019_employment_score"]
    people, workers = (
        round(place[f"imd_2019_{domain}_people"]) for domain in ("income", "employment")
    )
    ends = {
        domain: f" ({100 * place[f'{key}_lowest']:.1f} to {place[f'{key}_highest']:.1%})"
        if f"{key}_lowest" in place
        else ""
        for domain in ("income", "employment")
        for key in [f"imd_2019_{domain}"]
    }
    assert bool(ends["income"]) or kind != "pocket"
    assert rows["Income"][1] == f"{income:.1%}{ends['income']} about {people:,} people (mid-2015)"
    assert rows["Employment"][1] == (
        f"{employment:.1%}{ends['employment']} about {workers:,} people of working age (mid-2015)"
    )
    assert f"{borough.england['imd_2019_income']:.1%}" in rows["Income"]
    assert "about" not in rows["Crime"][1]


def test_fuel_poverty_is_given_in_fifths(context, pages):
    for kind in ("msoa", "pocket"):
        rows = [cells(row) for row in table(pages[kind], "Every layer")["rows"]]
        fuel = next(row for row in rows if row[0] == "Fuel poverty")
        few = {"msoa": f"{TOO_FEW_TO_RANK} here", "pocket": TOO_FEW_POCKETS}
        assert fuel[4].endswith("fifth") or fuel[4] == few[kind]
        assert fuel[5].endswith("fifth" if kind == "msoa" else "fifth of pockets")
    layer = context.borough.edition.layer("fuel_poverty_2020")
    place = {"fuel_poverty_2020_quintile_england": 2.0, "fuel_poverty_2020_rank_england": 7.0}
    assert rank_in_words(place, layer, "england", 48) == "2nd fifth"


@pytest.mark.parametrize(
    ("layer", "place", "count", "said"),
    [
        ("imd_2019", {"imd_2019_score": 40.0, "imd_2019_rank_borough": 1.0}, 17, "1 of 17"),
        ("imd_2019", {"imd_2019_score": 40.0}, 1, "the only pocket"),
        ("imd_2019", {"imd_2019_rank_borough": 3.0}, 17, "no value"),
        (
            "fuel_poverty_2020",
            {
                "fuel_poverty_2020_pct": 20.0,
                "fuel_poverty_2020_rank_borough": 1.0,
                "fuel_poverty_2020_quintile_borough": 1.0,
            },
            17,
            "highest fifth of pockets",
        ),
        (
            "fuel_poverty_2020",
            {"fuel_poverty_2020_pct": 20.0, "fuel_poverty_2020_rank_borough": 1.0},
            3,
            "too few pockets",
        ),
    ],
)
def test_a_pocket_stands_among_pockets(context, layer, place, count, said):
    known = context.borough.edition.layer(layer)
    assert rank_among_pockets(place, known, "borough", count) == said


def test_a_pocket_says_its_rank_among_pockets(context, pages):
    borough = context.borough
    pocket = borough.pockets.sort_values("number").iloc[0]
    ranks = [int(pocket[f"imd_2019_rank_{frame}"]) for frame in ("england", "borough")]
    assert ranks == [1, 1]
    assert (
        "Overall it is the most deprived of the 3 pockets of the sample."
        f" In {borough.called} it is 1st of {len(borough.pockets)}."
    ) in " ".join(pages["pocket"].split())


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (
            (3, 2, 4, 0),
            "2 of its 4 small areas, with {} people (mid-2015), are in the worst fifth of the",
        ),
        (
            (2, 0, np.nan, 1),
            "None of its 4 small areas is known to be in the worst fifth of the sample on 3",
        ),
    ],
)
def test_a_pocket_says_in_how_many_of_its_areas_layers_meet(context, counts, said):
    borough = context.borough
    pocket = borough.pockets.index[0]
    inside = borough.lsoa["pocket_id"].eq(pocket)
    lsoa = borough.lsoa.assign(overlap_england=0.0)
    lsoa.loc[inside, "overlap_england"] = counts
    people = lsoa.loc[inside & lsoa["overlap_england"].ge(3), "population"].sum()
    page = profile.pocket_profile(context_of(replace(borough, lsoa=lsoa), context.region), pocket)
    assert said.format(f"{people:,}") in " ".join(page.split())


def test_the_range_of_a_rank_is_said_where_it_is_known(context):
    layer = context.borough.edition.layer("covid_2020_21")
    stem = "covid_2020_21_rank_borough"
    assert span({f"{stem}_lower": 2.0, f"{stem}_upper": 9.0}, layer) == " (95%: 2–9)"
    overall = context.borough.edition.layer("imd_2019")
    stem = "imd_2019_rank_borough"
    assert span({f"{stem}_lowest": 3.0, f"{stem}_highest": 5.0}, overall) == " (range 3–5)"
    assert span({}, overall) == ""


def test_a_range_of_ranks_is_explained_where_it_is_printed(boroughs):
    plain, region = boroughs["northmere"], peers_of(list(boroughs.values()))
    stem = "imd_2019_rank_borough"
    ranged = replace(plain, lsoa=plain.lsoa.assign(**{f"{stem}_lowest": 2, f"{stem}_highest": 9}))
    explained = "holds it in 95% of 200 draws of other weights"
    for borough, said in ((plain, False), (ranged, True)):
        context = context_of(borough, region)
        made = [profile.msoa_profile(context, borough.msoa.index[0])]
        made += [profile.pocket_profile(context, borough.pockets.index[0])]
        for page in made:
            assert ("(range 2–9)" in page) == (explained in page) == said
            assert ("it is no interval of chance" in page) == said


@pytest.mark.parametrize(
    ("ranks", "count"),
    [(["3 of 9"], 0), (["3 of 9 (range 2–4)"], 1), (["1 of 9 (95%: 1–4)", "2 (range 1–3)"], 2)],
)
def test_what_stands_in_brackets_behind_ranks_is_explained(ranks, count):
    assert len(spans_explained(ranks)) == count


def test_a_rank_among_districts_says_of_how_many_and_of_which_year(context):
    own = context.borough
    ranks = {f"{layer.id}_rank_england": 1.0 for layer in own.edition.layers[:-1]}
    district = pd.concat([own.district, pd.Series(ranks)])
    page = profile.borough_profile(context_of(replace(own, district=district), context.region))
    rows = [cells(row) for row in table(page, "Every layer")["rows"]]
    assert rows[0][3] == "Rank among the districts of the sample (2022)"
    by_name = {row[0]: row for row in rows[1:]}
    for layer in own.edition.layers:
        said = layer.ranks_in_words and f"{layer.id}_rank_england" in ranks
        assert by_name[layer.short][3] == ("1st of 2" if said else "not ranked")
    assert "Districts are those of 2022" in page


def test_a_pocket_marks_values_carried_down_from_msoas(pages):
    rows = [cells(row) for row in table(pages["pocket"], "Every layer")["rows"]]
    assert rows[-1][0] == "COVID-19 mortality ratio mean of MSOA values"
    assert rows[1][0] == "Overall deprivation (IMD)"


def test_an_msoa_lists_its_lsoas_from_the_most_deprived(context, pages):
    lsoa = context.borough.lsoa
    own = lsoa[lsoa["msoa_code"] == context.borough.msoa.index[0]]
    rows = [cells(row) for row in table(pages["msoa"], "The small areas")["rows"][1:]]
    ordered = own.sort_values("imd_2019_rank_borough")
    assert [row[1].split()[-1] for row in rows] == ordered.index.tolist()
    assert rows[0][4] == f"{ordered['imd_2019_rank_borough'].iloc[0]:.0f} of 24"
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5", "6"]


def test_an_msoa_lists_the_pockets_that_reach_into_it(context, pages):
    rows = [cells(row) for row in table(pages["msoa"], "Pockets that reach")["rows"][1:]]
    lsoa = context.borough.lsoa
    assert [row[:3] for row in rows] == [
        ["1", "Northmere Bank & Cross", "2 of 4"],
        ["2", "Northmere Bank & Cross", "2 of 2"],
    ]
    assert rows[0][3] == f"{lsoa['population'].iloc[:2].sum():,}"
    share = "66% of its people (mid-2015) live in pockets of deprivation: 1, Northmere"
    assert share in pages["msoa"]


def test_comparable_places_are_of_other_boroughs_and_nearest_first(context, pages):
    rows = [cells(row) for row in table(pages["msoa"], "Neighbourhoods of other")["rows"][4:]]
    assert [row[1] for row in rows] == ["Westholt"] * 4
    distances = [float(row[-1]) for row in rows]
    assert distances == sorted(distances)
    region = context.region
    values = region.msoa[[layer.value for layer in compared_layers(context.borough.edition)]]
    scores = (values - values.mean()) / values.std(ddof=0)
    first = scores.index[0]
    expected = {
        code: float(np.sqrt(np.nanmean((scores.loc[code] - scores.loc[first]) ** 2)))
        for code in scores.index[4:]
    }
    assert distances == pytest.approx(sorted(expected.values()), abs=0.005)


@pytest.mark.parametrize("kind", ["msoa", "pocket"])
def test_comparable_places_stand_under_the_place_its_borough_and_the_whole(context, pages, kind):
    borough = context.borough
    caption = "Neighbourhoods of other" if kind == "msoa" else "Pockets of other"
    rows = [cells(row) for row in table(pages[kind], caption)["rows"][1:4]]
    own = (borough.msoa if kind == "msoa" else borough.pockets).iloc[0]
    name = own["area_name"] if kind == "msoa" else own["name"]
    assert [row[0] for row in rows] == [f"{name} (this place)", "Northmere", "The sample"]
    assert [row[1] for row in rows] == ["Northmere", "–", "–"]
    assert [row[-1] for row in rows] == ["–"] * 3
    score = borough.edition.layer("imd_2019").value
    scores = (own[score], borough.district[score], borough.england["imd_2019"])
    assert [row[2] for row in rows] == [f"{score:.1f}" for score in scores]


def test_distances_do_not_depend_on_what_else_is_built(boroughs):
    own = boroughs["northmere"]
    alone, together = (
        context_of(own, peers_of(built)) for built in ([own], [own, boroughs["westholt"]])
    )
    for kind, table in (("msoa", own.msoa), ("pocket", own.pockets)):
        first, others = table.index[0], table.index[1:]
        found = [nearest(one.scores[kind], first, among=others) for one in (alone, together)]
        assert len(found[0])
        pd.testing.assert_series_equal(*found)


def test_domains_are_not_compared_beside_the_index_they_are_part_of(context):
    ids = [layer.id for layer in compared_layers(context.borough.edition)]
    assert ids == ["imd_2019", "fuel_poverty_2020", "pm25_2021_23", "no2_2021_23", "covid_2020_21"]


def test_a_layer_the_same_everywhere_and_a_missing_one_are_left_out(context):
    same = {**context.borough.scales, "imd_2019": (5.0, 0.0)}
    scores = standardised(context.region.msoa, context.borough.edition, same)
    assert scores["imd_2019_score"].isna().all()
    last = scores.index[-1]
    assert np.isnan(scores.loc[last, "covid_2020_21_ratio"])
    assert nearest(scores, last, among=scores.index[:4]).notna().all()


def test_links_lead_to_pages_of_the_site(context, pages):
    borough = context.borough
    first, pocket = borough.msoa.index[0], borough.pockets.index[0]
    links = {kind: Page(text).links for kind, text in pages.items()}
    assert f"../index.html#place={first}" in links["msoa"]
    assert f"../pockets/{pocket}.html" in links["msoa"]
    assert f"../index.html#place={pocket}" in links["pocket"]
    assert f"../profiles/{first}.html" in links["pocket"]
    assert f"../../westholt/profiles/{context.region.msoa.index[4]}.html" in links["msoa"]
    assert f"../../westholt/pockets/{context.region.pockets.index[2]}.html" in links["pocket"]
    assert "../profile.html" in links["msoa"]
    assert {"../index.html", "index.html", "../about/methods.html"} <= set(links["borough"])
    assert {f"profiles/{code}.html" for code in borough.msoa.index} <= set(links["borough"])
    assert {f"pockets/{code}.html" for code in borough.pockets.index} <= set(links["borough"])
    known = re.compile(
        r"(\.\./)*((\w+/)?(profiles|pockets|about)/[\w-]+|profile|index)\.html(#place=.+)?|#main"
    )
    assert all(known.fullmatch(link) for listed in links.values() for link in listed)


def test_a_pocket_says_what_its_finding_rests_on(pages):
    text = re.sub(r"<[^>]+>", "", pages["pocket"])
    assert "Its peak is the highest of its area of deprivation" in text
    assert re.search(r"Came back\s*90%", text)
    assert "2 of its 4 small areas, with 41% of its people, lie in a significant cluster" in text
    assert (
        "40% of its people (mid-2015) live in small areas of the most deprived tenth of the sample."
        in text
    )


@pytest.mark.parametrize(
    ("prominence", "said", "meant"),
    [
        (np.nan, "none", "there is no higher one to stand above."),
        (6.04, "6.0", "How far its peak stands above the saddle to a higher one"),
    ],
)
def test_prominence_is_said_of_a_peak_that_has_a_higher_one(context, prominence, said, meant):
    own = context.borough
    changed = replace(own, pockets=own.pockets.assign(prominence=prominence))
    context = context_of(changed, context.region)
    text = profile.pocket_profile(context, own.pockets.index[0])
    found = re.search(r'<dt>Prominence</dt><dd>(\S+) <span class="small">(.*?)</span>', text)
    assert found[1] == said
    assert meant in found[2]
    assert text.count("saddle") == (0 if said == "none" else 1)


def test_a_pocket_across_the_line_is_linked_where_it_has_a_page(boroughs):
    own, other = boroughs["northmere"], boroughs["westholt"]
    first, second = own.pockets.index
    beside, linked = other.pockets.index[0], "<dt>Across the borough's line</dt><dd>It touches <a"
    address = f' href="../../westholt/pockets/{beside}.html">pocket 1 of Westholt ('
    region = peers_of([own, other])
    assert f"{linked}{address}" in profile.pocket_profile(context_of(own, region), first)
    alone = profile.pocket_profile(context_of(own, peers_of([own])), first)
    assert "It touches pocket 1 of Westholt (" in alone
    assert "westholt/" not in alone
    none = profile.pocket_profile(context_of(own, region), second)
    assert "It touches no pocket of another borough." in none


def test_the_borough_shows_gradients_and_the_broken_series(context, pages):
    text = pages["borough"]
    rows = table(text, "Households in fuel poverty, share")["rows"]
    assert [cells(row) for row in rows[1:]] == [
        ["2017", "LIHC", "12.3%", "10.0%"],
        ["2018", "LIHC", "13.0%", "10.0%"],
        ["2019", "LILEE", "16.5%", "12.0%"],
    ]
    assert "figures up to 2018 and from 2019 cannot be compared." in text
    parts = context.borough.gradient_parts.loc["no2_2021_23"]
    rows = table(text, "NO2 by part")["rows"]
    assert [cells(row)[0] for row in rows[1:]] == ["5", "4", "3", "2", "1"]
    assert cells(rows[-1])[3] == f"{parts['value'][1]:.1f} µg/m³"
    assert re.search(r"Slope index: −?[\d.]+ µg/m³ \(95% limits −?[\d.]+ to −?[\d.]+\)", text)
    assert "COVID-19 mortality ratio by part" not in text


@pytest.mark.parametrize("there", [True, False])
def test_the_borough_names_the_years_that_are_not_at_hand(boroughs, there):
    said = "Fuel poverty over the years is without 2015."
    series = SERIES if there else pd.DataFrame()
    own = replace(boroughs["northmere"], lacking_years=(said,), fuel_series=series)
    context = context_of(own, peers_of([own]))
    text = profile.borough_profile(context)
    section = text[text.index('<h2 id="series">') :]
    assert f'<p class="small">{said}</p>' in section[: section.index("</section>")]
    assert ("fuel-series" in section) == there


def test_the_finding_and_hidden_areas_lead_the_borough(boroughs):
    own = boroughs["northmere"]
    flags = [True] * 3 + [False] * 21
    deciles = [3, 4, 4] + [1] * 21
    changed = replace(own, lsoa=own.lsoa.assign(hidden=flags, imd_2019_decile=deciles))
    text = profile.borough_profile(context_of(changed, peers_of([changed])))
    assert "Northmere (a fictional place) has 2 pockets of deprivation" in text
    assert (
        "3 small areas are in the most deprived fifth of Northmere and outside the most"
        " deprived fifth of the sample (1 in decile 3 and 2 in decile 4)"
    ) in text
    assert text.count("Hidden small areas: in the most deprived fifth of Northmere") == 1
    listed = text[text.index("Hidden small areas") :]
    for code in own.lsoa.index[:3]:
        assert code in listed


def test_a_borough_alone_without_pockets_or_series_has_its_pages(boroughs):
    own = boroughs["northmere"]
    lsoa = own.lsoa.assign(pocket_id="")
    bare = replace(own, lsoa=lsoa, pockets=own.pockets.iloc[:0], gradients=pd.DataFrame())
    context = context_of(bare, peers_of([bare]))
    text = profile.borough_profile(context)
    assert "None was found: no two small areas that touch are both in the most" in text
    assert "Fuel poverty over the years" not in text
    page = profile.msoa_profile(context, own.msoa.index[0])
    assert "No pocket of deprivation reaches into it." in page
    assert "This build holds no other borough to compare with." in page


def test_a_place_without_values_says_so(boroughs):
    own = boroughs["westholt"]
    context = context_of(own, peers_of([own]))
    text = profile.msoa_profile(context, own.msoa.index[-1])
    rows = [cells(row) for row in table(text, "Every layer")["rows"]]
    assert rows[-1][1] == "no value"
    assert "No COVID-19 mortality ratio is shown" in text


def test_names_cannot_break_out_of_a_page(boroughs):
    own = boroughs["northmere"]
    msoa = own.msoa.assign(area_name="<script>alert(1)</script>")
    changed = replace(own, msoa=msoa)
    text = profile.msoa_profile(context_of(changed, peers_of([changed])), msoa.index[0])
    assert "<script" not in text


def test_pages_are_the_same_every_time(boroughs, pages):
    region = peers_of(list(boroughs.values()))
    again = context_of(replace(boroughs["northmere"], fuel_series=SERIES), region)
    assert profile.msoa_profile(again, again.borough.msoa.index[0]) == pages["msoa"]
    assert profile.borough_profile(again) == pages["borough"]


def test_pages_link_only_to_parts_that_are_there(boroughs):
    own = boroughs["northmere"]
    region = peers_of([own])
    context = context_of(own, region, linked=())
    for text in (
        profile.msoa_profile(context, own.msoa.index[0]),
        profile.pocket_profile(context, own.pockets.index[0]),
        profile.borough_profile(context),
    ):
        assert not [link for link in Page(text).links if "index.html" in link or "about" in link]


@pytest.mark.parametrize(
    ("rank", "count", "tenth"),
    [
        (1, 100, 1), (10, 100, 1), (11, 100, 2), (90, 100, 9), (91, 100, 10), (100, 100, 10),
        (101, 100, 10), (1, 7, 2), (7, 7, 10), (3284, 32844, 1), (3285, 32844, 2),
    ],
)  # fmt: skip
def test_the_decile_of_a_rank_is_that_of_the_tables(rank, count, tenth):
    assert decile(rank, count) == tenth
    if rank <= count:
        assert tenths(pd.Series([float(rank)]), count=count).tolist() == [tenth]


def test_a_profile_marks_what_was_carried_from_areas_of_another_census(invented_boroughs):
    boroughs = with_gradients(
        {name: invented.carried(borough) for name, borough in invented_boroughs.items()}
    )
    context = context_of(boroughs["northmere"], peers_of(list(boroughs.values())))
    first, part = (profile.msoa_profile(context, code) for code in context.borough.msoa.index[:2])
    rows = {
        text: {row[0]: row for row in map(cells, table(text, "Every layer")["rows"])}
        for text in (first, part)
    }
    assert "PM2.5 estimated for 40% of its people" in rows[first]
    assert "COVID-19 mortality ratio" in rows[first]
    deaths = rows[part]["COVID-19 mortality ratio of the former MSOA, not ranked"]
    assert deaths[4].startswith(("not ranked", "too few areas to rank"))
    assert deaths[5] == "not ranked"
    said = " ".join(part.split())
    assert "is that of the former neighbourhood of which this is a part" in said
    assert "where nan" not in said
    areas = table(first, "The small areas")["rows"]
    assert sum("[e]" in " ".join(row) for row in areas) == 3
    assert "[e] an estimate, carried from areas of another census." in " ".join(first.split())
    assert "[e]" not in profile.msoa_profile(context, context.borough.msoa.index[2])
