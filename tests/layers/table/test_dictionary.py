from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from geo.errors import InputError
from layers.indicators import indicators
from layers.layer import edition, editions
from layers.table import dictionary as dictionary_module
from layers.table.dictionary import FIELDS, column_rules, dictionary

PLACE = ["area_code", "area_name", "lad_code", "lad_name", "population", "working_age_population"]
FRAMED = ["_quintile_england", "_rank_borough", "_quintile_borough"]
CLUSTERS = [
    f"_{measure}_{frame}"
    for measure in ("cluster", "gi_star", "gi_star_z")
    for frame in ("england", "borough")
]


def source(title):
    return SimpleNamespace(
        publisher="Office of Tests", title=title, licence="OGL-UK-3.0", period="2018", grid=None
    )


def sources(known):
    roles = ["lsoa", "msoa", "districts", "names", *(layer.id for layer in known.layers)]
    return {role: (source(f"Table of {role}"),) for role in roles}


def all_columns(known):
    """Every column the tables of the contract can hold, by table."""
    lsoa = [*PLACE, "msoa_code", "msoa_name", "easting", "northing", "pocket_id"]
    lsoa += ["relatively_worst", "hidden", "overlap_england", "overlap_borough"]
    pockets = ["pocket_id", "number", "name", "lad_code", "lad_name", "deprivation_area_id"]
    pockets += ["lsoa_codes", "lsoa_count", "population", "population_year", "area_km2", "rule"]
    pockets += [
        "worst_decile_pct",
        "prominence",
        "cluster_lsoas",
        "neighbour_pockets",
        "recurrence",
    ]
    msoa, districts = [*PLACE, "lsoa_count"], [*PLACE, "lsoa_count", "msoa_count", "pockets"]
    districts += ["people_in_pockets", f"{known.overall}_extent_pct", "region_name"]
    domains = [layer.id for layer in known.layers if layer.rank]
    parts = ["_average_score", "_average_rank", "_worst_tenth_pct", "_worst_fifth_pct"]
    parts += ["_local_concentration", "_rank_england"]
    districts += [domain + part for domain in domains for part in parts]
    districts += ["covid_2020_21_observed", "covid_2020_21_ratio"]
    for layer in known.layers:
        lsoa += [layer.value, layer.rank_column("england")]
        lsoa += [layer.id + suffix for suffix in [*FRAMED, *CLUSTERS]]
        msoa += [layer.value, *(layer.id + suffix for suffix in ["_rank_england", *FRAMED])]
        pockets += [layer.value, *(layer.id + suffix for suffix in ["_rank_england", *FRAMED])]
        lsoa += [f"{layer.id}_decile"] if layer.rank else []
    lsoa += ["covid_2020_21_observed", "covid_2020_21_expected", "covid_2020_21_ratio_lower"]
    lsoa += ["covid_2020_21_ratio_upper", "covid_2020_21_ratio_smoothed"]
    (fuel,) = known.of_kind("fuel_poverty")
    lsoa += [fuel.column("households"), fuel.column("fuel_poor")]
    lsoa += [f"{known.overall}_rank_borough_lowest", f"{known.overall}_rank_borough_highest"]
    carried = [layer for layer in known.layers if "former_lsoa" in known.sources]
    lsoa += [name for layer in carried for name in (layer.link, layer.estimated)]
    msoa += [layer.estimated_pct for layer in carried]
    overall = known.layer(known.overall)
    if known.earlier:
        lsoa += [overall.decile_of(year) for year in known.earlier]
        lsoa += [overall.lasting(end) for end in ("tenth", "fifth", "link", "estimated")]
        msoa += [overall.lasting(f"{part}_people") for part in ("tenth", "fifth")]
        pockets += ["fate", "came_from", "kept_pct", "matched_editions", "matched"]
    msoa += ["covid_2020_21_rank_borough_lower", "covid_2020_21_rank_borough_upper"]
    return {"neighbourhoods": lsoa, "msoa": msoa, "districts": districts, "pockets": pockets}


@pytest.mark.parametrize("edition_id", editions())
def test_every_column_of_the_tables_is_explained_in_full(edition_id):
    known = edition(edition_id)
    columns = all_columns(known)
    found = dictionary(known, columns, sources(known))
    assert tuple(found.columns) == FIELDS
    assert found.index.is_unique
    assert set(found.index) == {name for names in columns.values() for name in names}
    for needed in ("tables", "title", "unit", "geography", "vintage", "source", "licence", "made"):
        assert (found[needed] != "").all(), found.index[found[needed] == ""].tolist()
    assert not found.map(lambda text: "{" in text).any().any()


def test_words_come_from_the_layer_and_its_source():
    known = edition("2019")
    found = dictionary(known, {"msoa": ["covid_2020_21_ratio"]}, sources(known)).iloc[0]
    assert found["title"] == "COVID-19 mortality ratio"
    assert found["geography"] == "MSOA, carried down to its LSOAs for display"
    assert found["period"] == "Deaths registered March 2020 to April 2021"
    assert found["source"] == "Office of Tests: Table of covid_2020_21"
    assert found["direction"] == "high is worse"
    assert "Care homes are not adjusted for" in found["caveat"]


def test_a_domain_is_not_mistaken_for_the_overall_index():
    known = edition("2019")
    names = ["imd_2019_income_rank_borough", "imd_2019_rank_borough"]
    found = dictionary(known, {"neighbourhoods": names}, sources(known))["title"]
    assert found.tolist() == [
        "Income deprivation: rank within the borough",
        "Overall deprivation (Index of Multiple Deprivation): rank within the borough",
    ]


def test_a_new_layer_needs_no_new_text():
    known = edition("2019")
    own = replace(
        known.layer("no2_2021_23"),
        id="noise_2024",
        title="Noise",
        value="noise_2024_db",
    )
    wider = replace(known, layers=(*known.layers, own))
    columns = {"neighbourhoods": ["noise_2024_db", "noise_2024_quintile_borough"]}
    found = dictionary(wider, columns, {"noise_2024": (source("Noise map"),)})
    assert found["title"].tolist() == ["Noise", "Noise: fifth of the borough"]
    assert found["source"].unique().tolist() == ["Office of Tests: Noise map"]


def test_a_column_in_two_tables_is_one_row():
    known = edition("2019")
    columns = {"neighbourhoods": ["lad_code", "population"], "msoa": ["population"]}
    found = dictionary(known, columns, sources(known))
    assert found["tables"].to_dict() == {
        "lad_code": "neighbourhoods",
        "population": "neighbourhoods msoa",
    }
    assert found.loc["population", "period"] == "mid-2015"


def test_a_column_nobody_can_explain_is_refused_with_all_the_others():
    known = edition("2019")
    columns = {"msoa": ["area_code", "imd_2019_mystery"], "pockets": ["colour"]}
    with pytest.raises(InputError) as refusal:
        dictionary(known, columns, sources(known))
    assert refusal.value.found == "imd_2019_mystery, colour"
    assert refusal.value.where == "msoa, pockets"


def test_rules_name_known_sources_only():
    rules = column_rules()["plain"].values()
    roles = {name for rule in rules for name in rule["source"].split()}
    assert roles <= {
        *dictionary_module.AREA_ROLES,
        "regions",
        "overall",
        "population",
        "overlap",
        "layers",
        "earlier",
        "over_years",
    }


@pytest.mark.parametrize(
    ("column", "field", "said"),
    [
        ("imd_2019_rank_borough_lowest", "title", "lowest rank in the borough"),
        ("imd_2019_rank_borough_highest", "title", "highest rank in the borough"),
        ("fuel_poverty_2020_households", "title", "Fuel poverty: all households"),
        ("fuel_poverty_2020_fuel_poor", "title", "Fuel poverty: households in fuel poverty"),
        ("imd_2019_income_score", "unit", "share of people, 0 to 1"),
        ("imd_2019_income_average_score", "unit", "share of people, 0 to 1"),
        ("imd_2019_crime_average_score", "unit", "score"),
        ("imd_2019_average_score", "geography", "district"),
        ("region_name", "source", "Office of Tests: Table of fuel_poverty_2020"),
        ("area_name", "source", "Table of lsoa; Office of Tests: Table of names; Office of Tests"),
        ("area_name", "period", "areas of 2011, districts of 2022"),
        ("msoa_code", "source", "Office of Tests: Table of lsoa; Office of Tests: Table of msoa"),
        ("overlap_known_england", "source", "Office of Tests: Table of covid_2020_21"),
        ("overlap_known_borough", "source", "Office of Tests: Table of covid_2020_21"),
        ("fuel_poverty_2020_pct", "period", "2020 data, published June 2022"),
        ("overlap_england", "source", "Table of imd_2019; Office of Tests: Table of fuel_poverty"),
        ("overlap_borough", "source", "Table of no2_2021_23; Office of Tests: Table of covid_2020"),
        ("fuel_poverty_2020_rank_england", "caveat", "do not rank them by it"),
        ("fuel_poverty_2020_rank_borough", "caveat", "do not rank them by it"),
        ("imd_2019_rank_england", "made", "districts among the districts of 2022"),
        ("prominence", "made", "empty for the highest peak of its area of deprivation"),
    ],
)
def test_a_column_is_explained_as_what_it_is(column, field, said):
    known = edition("2019")
    found = dictionary(known, {"table": [column]}, sources(known)).iloc[0]
    assert said in found[field]


@pytest.mark.parametrize(
    ("column", "field", "said"),
    [
        ("iod_2025_income_people", "title", "People counted as income-deprived"),
        ("iod_2025_income_people", "unit", "% of people"),
        ("iod_2025_income_people", "made", "population (mid-2022)"),
        ("iod_2025_income_people_people", "unit", "people"),
        ("iod_2025_income_people_people", "caveat", "A sum of rounded counts is not exact"),
        ("iod_2025_income_children_covers_pct", "unit", "% of population_children"),
        ("iod_2025_connectivity", "direction", "low is worse"),
        ("iod_2025_burglary", "direction", "high is worse"),
        ("iod_2025_burglary", "period", "April 2018 to March 2024"),
        ("iod_2025_burglary", "source", "Tests: Table of indicators; Office of Tests"),
        ("iod_2025_adult_skills", "made", "(LSOAs), × 100; for larger places the mean"),
        ("iod_2025_adult_skills", "made", "weighted by working_age_population"),
        ("iod_2025_homelessness", "caveat", "One figure for a whole district"),
        ("iod_2025_indoors_worst_tenth", "title", "people in the most deprived tenth of England"),
        ("iod_2025_indoors_worst_tenth", "made", "(LSOAs) of published decile 1"),
        ("iod_2025_indoors_worst_tenth_people", "made", "of a small area all or none"),
        ("iod_2025_indoors_worst_tenth_covers_pct", "unit", "% of population"),
        ("iod_2025_indoors_worst_tenth", "source", "Office of Tests: Table of the Indices"),
        ("iod_2025_indoors_worst_tenth", "caveat", "it says where people live"),
        ("iod_2025_indoors_rank", "direction", "1 is the worst"),
        ("iod_2025_indoors_decile", "unit", "1 to 10"),
    ],
)
def test_an_indicator_behind_the_indices_is_explained_by_its_record(column, field, said):
    known = edition("2025")
    used = (source("Table of indicators"), source("Table of the Indices"))
    behind = {**sources(known), "behind": used}
    found = dictionary(known, {"behind": ["place_kind", column]}, behind).loc[column]
    assert said in found[field]
    assert column in indicators(known) or field != "title"


def test_what_is_not_ranked_in_words_alone_warns_against_its_ranks():
    known = edition("2019")
    columns = [f"{layer.id}_rank_borough" for layer in known.layers]
    caveats = dictionary(known, {"table": columns}, sources(known))["caveat"]
    warned = [layer.id for layer in known.layers if not layer.ranks_in_words]
    assert [
        name.removesuffix("_rank_borough")
        for name in caveats.index[caveats.str.contains("do not rank")]
    ] == warned


@pytest.mark.parametrize(("grid", "made"), [(None, "does not say how"), (object(), "weighted by")])
def test_the_method_said_of_the_air_is_that_of_the_source_used(grid, made):
    known = edition("2019")
    used = SimpleNamespace(**{**vars(source("Air")), "grid": grid})
    found = dictionary(known, {"table": ["no2_2021_23_ugm3"]}, {"no2_2021_23": (used,)})
    assert made in found.iloc[0]["made"]


def test_several_sources_of_a_layer_are_all_named():
    known = edition("2019")
    both = {"covid_2020_21": (source("Deaths"), source("Weeks"), source("Deaths"))}
    found = dictionary(known, {"msoa": ["covid_2020_21_expected"]}, both).iloc[0]
    assert found["source"] == "Office of Tests: Deaths; Office of Tests: Weeks"
    assert found["licence"] == "OGL-UK-3.0"


def test_what_is_said_of_earlier_editions_names_their_years_and_sources():
    known = edition("2025")
    before = SimpleNamespace(**{**vars(source("The edition before")), "id": "imd_2019"})
    names = ["imd_2025_decile_2019", "imd_2025_lasting_tenth", "imd_2025_decile"]
    told = sources(known) | {"earlier": (before,)}
    found = dictionary(known, {"neighbourhoods": names}, told)
    overall = "Overall deprivation (Index of Multiple Deprivation)"
    assert found["title"].tolist() == [
        f"{overall}: decile in England in the edition of 2019",
        f"{overall}: in how many of the editions 2019, 2025 the area was in the worst tenth of"
        " England",
        f"{overall}: decile in England",
    ]
    behind = found["source"].str.contains("The edition before")
    assert behind.tolist() == [True, True, False]
