"""Who is credited where: those whose files a page shows, and no others, on every page of a site."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

from layers.catalogue import catalogue
from layers.indicators import BEHIND
from layers.kinds.reading import OVER_YEARS
from maps.files.downloads import provenance, publication_of
from maps.page.borough import borough_page
from maps.profiles.context import context_of, peers_of
from maps.profiles.profile import borough_profile, msoa_profile, pocket_profile
from maps.site.download_page import download_page
from maps.site.index import index_page
from maps.site.parts import SiteContext, write_words
from maps.words.credits import all_sources, used_sources

YEARS = tuple(catalogue()[key] for key in ("fuel_poverty_2015", "lsoa_2011_to_2021"))
WITHOUT = "A later year was not available to this build."
UNDERLYING = catalogue()["imd_2025_indicators"]
GRIDS = "A grid was not available to this build."


@pytest.fixture(scope="module")
def boroughs(invented_borough):
    """A borough with fuel poverty over two years, and a year and a grid lacking."""
    return [
        replace(
            borough,
            fuel_series=pd.DataFrame(
                [
                    (code, year, "LILEE", 100, poor, float(poor))
                    for code in (borough.code, "")
                    for year, poor in ((2019, 15), (2020, 14))
                ],
                columns=["lad_code", "year", "measure", "households", "fuel_poor", "pct"],
            ),
            sources={**borough.sources, OVER_YEARS: YEARS, BEHIND: (UNDERLYING,)},
            lacking=dict.fromkeys(("pm25_2021_23", "no2_2021_23"), (GRIDS,)),
            lacking_years=(WITHOUT,),
        )
        for borough in [invented_borough]
    ]


@pytest.fixture(scope="module")
def pages(boroughs, tmp_path_factory):
    first = boroughs[0]
    context = context_of(first, peers_of(boroughs))
    folders = {borough.code: borough.name.lower() for borough in boroughs}
    about = tmp_path_factory.mktemp("about")
    write_words(
        boroughs,
        about,
        SiteContext(
            region=peers_of(boroughs), parts=["about"], absent=[catalogue()["fuel_poverty_2024"]]
        ),
    )
    made = {
        "page": borough_page(first),
        "index": index_page(boroughs, folders),
        "downloads": download_page(boroughs, {}),
        "msoa": msoa_profile(context, str(first.msoa.index[0])),
        "pocket": pocket_profile(context, str(first.pockets.index[0])),
        "profile": borough_profile(context),
    }
    for path in (about / "about").glob("*.html"):
        made[path.stem] = path.read_text(encoding="utf-8")
    return made


@pytest.mark.parametrize("name", ["page", "downloads", "profile", "sources"])
def test_who_made_the_values_of_other_years_is_credited_where_they_are_shown(pages, name):
    for source in YEARS:
        assert source.title in pages[name]
        assert source.attribution in pages[name]


@pytest.mark.parametrize("name", ["downloads", "msoa", "pocket", "profile", "sources"])
def test_who_made_what_is_behind_the_indices_is_credited_where_it_is_shown(pages, name):
    assert UNDERLYING.title in pages[name]


@pytest.mark.parametrize("name", ["page", "index"])
def test_pages_without_what_is_behind_the_indices_credit_nobody_for_it(pages, name):
    assert UNDERLYING.title not in pages[name]


@pytest.mark.parametrize("name", ["index", "msoa", "pocket"])
def test_pages_without_the_years_credit_nobody_for_them(pages, name):
    assert [source.title for source in YEARS if source.title in pages[name]] == []


def test_a_profile_without_the_series_credits_nobody_for_it(boroughs):
    bare = context_of(replace(boroughs[0], fuel_series=pd.DataFrame()), peers_of(boroughs))
    assert YEARS[0].title not in borough_profile(bare)


def test_the_provenance_has_every_file_of_the_series(boroughs):
    told = provenance(
        publication_of(boroughs), pd.DataFrame(columns=["tables", "title", "source", "made"])
    )
    for source in YEARS:
        assert told["sources"][source.id]["used_for"] == [OVER_YEARS]
        assert told["sources"][source.id]["attribution"] == source.attribution
    assert json.dumps(told)


def test_the_page_of_sources_has_every_file_that_was_used(pages, boroughs):
    for source in {source.id for used in boroughs[0].sources.values() for source in used}:
        assert f'<h2 id="{source}">' in pages["sources"]


@pytest.mark.parametrize("name", ["page", "profile", "quality"])
def test_what_the_years_are_without_is_said_where_they_are_shown(pages, name):
    assert pages[name].count(WITHOUT) == 1


@pytest.mark.parametrize("name", ["index", "downloads", "msoa", "pocket"])
def test_pages_without_the_years_say_nothing_of_what_these_are_without(pages, name):
    assert WITHOUT not in pages[name]


@pytest.mark.parametrize("name", ["page", "msoa", "pocket", "profile", "quality"])
def test_what_a_layer_is_without_is_said_once_on_every_page_of_the_layer(pages, name):
    assert pages[name].count(GRIDS) == 1


def test_sources_stand_once_each_in_order(boroughs):
    first = boroughs[0]
    used = used_sources(first)
    assert len({source.id for source in used}) == len(used)
    assert used_sources(first, years=True) == [*used, *YEARS]
    assert used_sources(first, behind=True) == [*used, UNDERLYING]
    assert sorted(used, key=lambda source: source.id) == all_sources(boroughs)
