"""The command from its publishers, played on loopback, to the site: the tiny England throughout."""

from __future__ import annotations

import re

import pytest

from layers.catalogue import catalogue
from layers.layer import edition
from tests.publishers import behaviours
from tests.publishers.edition import tiny_england

AIR = "uk-air.defra.gov.uk"
ONS = "www.ons.gov.uk"


@pytest.fixture
def tiny(publishers, tmp_path, monkeypatch):
    """Have an empty cache, no mirror, and the publishers of the tiny England."""
    monkeypatch.setenv("POCKETS_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("POCKETS_MIRROR", raising=False)
    monkeypatch.chdir(tmp_path)
    with tiny_england(tmp_path):
        yield publishers


@pytest.fixture
def about(pockets):
    """Build the pages about the data, the quickest part there is."""
    return lambda: pockets(
        "build", "Northmere", "--edition", "tiny", "--only", "about", "--jobs", 1
    )


def sources_of(roles):
    return {edition("tiny").sources[role] for role in roles}


def test_a_borough_comes_of_nothing_but_its_name(tiny, about, pockets, tmp_path):
    """With one file lacking that can be done without: it stops no build, and is told of."""
    known, lacking = edition("tiny"), "tiny_pcm_no2_2022"
    tiny.misbehave(catalogue()[lacking].address.url, behaviours.status(404))
    ended = about()
    assert ended.code == 0, ended.err
    files = set(known.sources.values())
    lines = ended.err.splitlines()
    begin = next(place for place, line in enumerate(lines) if line.startswith("Kept until"))
    assert lines[0].startswith(f"To be downloaded: {len(files)} files, ")
    assert {line.split()[0] for line in lines[1:begin] if line.startswith("  ")} == files
    done = [re.fullmatch(r"(\w+): ([\d.,]+) (MB|rows), done", line) for line in lines]
    assert {found[1] for found in done if found} == files - {lacking}
    assert f"{lacking}: could not be had, and can be done without" in lines
    (note,) = [line for line in lines if line.startswith("Note: ")]
    assert lines[-1] == note
    assert "1 file that can be done without could not be had" in note
    assert f"{AIR} did not give {lacking}" in note
    page = (tmp_path / "site" / "about" / "quality.html").read_text(encoding="utf-8")
    assert "The 1 km grid of NO2 (2022) by" in note
    assert "The 1 km grid of NO2 (2022) by" in page
    tiny.behave()
    asked = len(tiny.requests)
    assert about().code == 0
    assert len(tiny.requests) == asked, "all that is needed is here, and nobody is asked"
    assert pockets("fetch", "--edition", "tiny").code == 0
    assert {seen.asked.host for seen in tiny.requests[asked:]} == {AIR}


def test_a_host_that_fails_stops_no_other_and_the_next_run_goes_on(tiny, pockets):
    tiny.misbehave(ONS, behaviours.status(503))
    tiny.misbehave("houseofcommonslibrary.github.io", behaviours.body(b"a,b\n1,2\n"))
    ended = pockets("fetch", "--edition", "tiny")
    assert (ended.code, ended.out) == (3, "")
    said = ended.err.splitlines()[-1]
    lost = sources_of(("covid_weekly_2020", "covid_weekly_2021", "covid_population"))
    assert "4 files that are needed could not be had" in said
    given = re.search(rf"{ONS} did not give (.*?) \(", said)
    assert set(given[1].split(", ")) == lost
    assert "houseofcommonslibrary.github.io has something else in the place of tiny_names" in said
    assert "affected: all places; COVID-19 mortality ratio" in said
    assert said.count("try again later") == 1
    tiny.behave()
    again = pockets("fetch", "--edition", "tiny")
    assert again.code == 0, again.err
    plan = again.err.split("Kept until")[0]
    assert set(re.findall(r"^  (\w+)", plan, re.MULTILINE)) == lost | sources_of(["names"])
    assert len(again.out.splitlines()) == len(edition("tiny").sources) + 1


def test_a_host_that_refuses_connections_is_told_of_once(tiny, pockets):
    tiny.misbehave(AIR, behaviours.refused)
    ended = pockets("fetch", "--edition", "tiny")
    assert ended.code == 0, ended.err
    (note,) = [line for line in ended.err.splitlines() if line.startswith("Note: ")]
    assert "6 files that can be done without could not be had" in note
    assert note.count(AIR) == 1
    assert "The 1 km grids of PM2.5 (2021, 2022, 2023) and NO2 (2021, 2022, 2023) by" in note
    assert ended.out.splitlines()[-1] == (
        "All that a build of any area needs is here, edition tiny"
    )
