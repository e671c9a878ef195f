"""Sub-domains from a file of the Indices that has them to the profiles; bad ones are refused."""

from __future__ import annotations

import os
import re
import shutil

import pandas as pd
import pytest

from geo.errors import InputError
from layers.borough.assemble import assemble
from layers.borough.country import Country
from layers.borough.region import behind_by_place
from layers.catalogue import catalogue
from layers.files import Files
from layers.kinds import imd
from layers.layer import edition
from layers.table.dictionary import dictionary
from maps.files.downloads import publication_of
from maps.profiles.context import context_of, peers_of
from maps.profiles.profile import borough_profile, msoa_profile, pocket_profile
from tests.publishers.cuts.tables import SUBDOMAINS, with_subdomains

NORTHMERE = "E08900001"
PEOPLE = "Total population: mid 2015 (excluding prisoners)"
SKILLS = "Adult Skills Sub-domain"
RANK = f"{SKILLS} Rank (where 1 is most deprived)"
DECILE = f"{SKILLS} Decile (where 1 is most deprived 10% of LSOAs)"
SAMPLE = edition("sample")


@pytest.fixture(scope="module")
def table(sample_mirror):
    """The sample's file of the Indices with invented sub-domains, as texts."""
    path = sample_mirror / catalogue()[SAMPLE.sources["imd"]].path
    return with_subdomains(pd.read_csv(path, dtype=str, keep_default_na=False), seed=7)


def mirror_of(table, sample_mirror, folder):
    """Copy the sample with another file of the Indices."""
    shutil.copytree(sample_mirror, folder, copy_function=os.link)
    path = folder / catalogue()[SAMPLE.sources["imd"]].path
    path.unlink()
    table.to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def country(table, sample_mirror, tmp_path_factory):
    folder = tmp_path_factory.mktemp("with-subdomains")
    mirror_of(table, sample_mirror, folder / "mirror")
    files = Files(edition=SAMPLE, cache=folder / "cache", mirror=folder / "mirror", offline=True)
    return Country(files=files)


@pytest.fixture(scope="module")
def borough(country):
    return assemble(country, NORTHMERE, place="the sample")


@pytest.fixture(scope="module")
def own(table):
    """People of small areas, and whether each is in the most deprived tenth of adult skills."""
    found = table.set_index("LSOA code (2011)")
    return pd.DataFrame(
        {"people": found[PEOPLE].astype(int), "worst": found[DECILE].astype(int) == 1}
    )


def share(areas):
    return f"{100 * areas['people'][areas['worst']].sum() / areas['people'].sum():.0f}%"


def row_of(page):
    section = page.split('<h2 id="behind">')[1].split("</section>")[0]
    row = section.split("Sub-domain: Adult skills")[1].split("</tr>")[0]
    cells = re.findall(r'<td class="number"[^>]*>(.*?)</td>', row)
    return [re.sub(r"<[^>]+>", "", cell).split(": ")[-1].strip() for cell in cells]


def test_each_profile_says_who_lives_in_the_most_deprived_tenth(borough, country, own):
    context = context_of(borough, peers_of([borough]))
    here = borough.lsoa.groupby("msoa_code").groups
    msoa = max(here, key=lambda code: own.loc[here[code], "worst"].sum())
    pocket = borough.pockets.index[0]
    places = {
        msoa_profile(context, msoa): own.loc[here[msoa]],
        pocket_profile(context, pocket): own.loc[
            borough.lsoa.index[borough.lsoa["pocket_id"] == pocket]
        ],
    }
    beside = [share(own.loc[borough.lsoa.index]), share(own)]
    for page, areas in places.items():
        told, *others = row_of(page)
        people = f"{areas['people'][areas['worst']].sum():,} people"
        assert told == f"{share(areas)} {people}"
        assert others == beside
    (first, last) = row_of(borough_profile(context))
    assert (first.split()[0], last) == tuple(beside)
    assert own.loc[here[msoa], "worst"].any()


def test_the_page_says_what_a_sub_domain_is_and_credits_its_file(borough):
    context = context_of(borough, peers_of([borough]))
    section = borough_profile(context).split('<h2 id="behind">')[1].split("</section>")[0]
    assert "A sub-domain is a part of a domain with ranks of its own" in section
    assert "They are not ranked" not in section, "there are no indicators"
    assert "<dt>Sub-domains</dt>" in section
    assert section.count("Sub-domain: ") == len(SUBDOMAINS)
    assert [source.id for source in borough.sources["behind"]] == ["sample_imd"]


def test_a_small_area_has_its_published_rank_and_decile_in_the_table(borough, table):
    found = behind_by_place([borough])
    small = found[found["place_kind"] == "lsoa"]
    published = table.set_index("LSOA code (2011)").loc[small.index]
    assert small["iod_sample_adult_skills_rank"].tolist() == published[RANK].astype(int).tolist()
    assert small["iod_sample_adult_skills_decile"].tolist() == published[DECILE].tolist()
    larger = found[found["place_kind"] != "lsoa"]
    assert larger["iod_sample_adult_skills_rank"].isna().all()
    assert larger["iod_sample_adult_skills_worst_tenth"].notna().all()


def test_every_column_of_the_table_is_in_the_dictionary(borough):
    columns = [*publication_of([borough]).behind]
    told = dictionary(SAMPLE, {"behind": columns}, borough.sources)
    assert list(told.index) == columns
    assert sum(name.startswith("iod_sample_") for name in columns) == len(SUBDOMAINS) * 5


def test_no_layer_and_no_rank_of_a_place_comes_of_it(borough, boroughs_without):
    own, without = borough.lsoa, boroughs_without.lsoa
    assert list(own) == list(without)
    pd.testing.assert_frame_equal(pd.DataFrame(own), pd.DataFrame(without))


@pytest.fixture(scope="module")
def boroughs_without(files):
    return assemble(Country(files=files), NORTHMERE, place="the sample")


def test_checks_tell_of_the_sub_domains(country):
    assert country.underlying.checks.empty, "nothing is lacking"
    names = country.tables.checks["name"].tolist()
    assert "Sub-domain: Adult skills: deciles follow from ranks" in names
    assert country.tables.checks["ok"].all()


def refused(table, sample_mirror, folder):
    path = mirror_of(table, sample_mirror, folder / "mirror")
    with pytest.raises(InputError) as caught:
        imd.read(SAMPLE, catalogue()[SAMPLE.sources["imd"]], path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        (RANK, 231, "has 1 value not between 1 and 230 (231 at E0190"),
        (RANK, 0, "has 1 value not between 1 and 230 (0 at E0190"),
        (RANK, 1.5, "has 1 value not a whole number (1.5 at E0190"),
        (RANK, "", "holds 1 cell without a number (“” in row 2)"),
        (DECILE, 11, "has 1 value not between 1 and 10 (11 at E0190"),
    ],
)
def test_ranks_and_deciles_that_can_be_none_are_refused(
    table, sample_mirror, tmp_path, column, value, said
):
    bad = table.copy()
    bad[column] = bad[column].astype(object)
    bad.loc[0, column] = value
    text = refused(bad, sample_mirror, tmp_path)
    assert f"“{column}” {said}" in text


def test_a_decile_that_disagrees_with_its_rank_is_refused(table, sample_mirror, tmp_path):
    bad = table.copy()
    bad.loc[3, DECILE] = bad.loc[3, DECILE] % 10 + 1
    text = refused(bad, sample_mirror, tmp_path)
    assert "Sub-domain: Adult skills: deciles follow from ranks: 1 LSOAs differ" in text


@pytest.mark.parametrize("gone", [f"{SKILLS} Score", RANK, DECILE])
def test_two_columns_of_three_are_refused(table, sample_mirror, tmp_path, gone):
    text = refused(table.drop(columns=gone), sample_mirror, tmp_path)
    assert f"row 1 has no column “{gone}”" in text


def test_one_sub_domain_may_be_there_without_the_others(table, sample_mirror, tmp_path):
    others = [name for name in table if "Sub-domain" in name and SKILLS not in name]
    path = mirror_of(table.drop(columns=others), sample_mirror, tmp_path / "mirror")
    checks = imd.read(SAMPLE, catalogue()[SAMPLE.sources["imd"]], path).checks
    assert sum(check.name.startswith("Sub-domain: ") for check in checks) == 1
