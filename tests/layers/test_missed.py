"""What could not be had is one paragraph, grouped by cause."""

from __future__ import annotations

import pytest

from layers.catalogue import catalogue
from layers.files import Files
from layers.layer import edition
from layers.missed import absent
from layers.order import Order, Wanted
from layers.stock import Missed

AGAIN = "pockets build Liverpool"


def missed(source_id, cause, *, reason="", needed=True):
    source = catalogue()[source_id]
    by_program = cause not in {"offline", "by hand"}
    one = Wanted(source=source, roles=(source_id,), needed=needed, by_program=by_program)
    return Missed(wanted=one, cause=cause, reason=reason)


def told(tmp_path, *lost, affects=None):
    files = Files(edition=edition("2019"), cache=tmp_path)
    order = Order(files=files, items=tuple(one.wanted for one in lost))
    return absent(order, lost, again=AGAIN, affects=affects)


def test_without_a_network_it_says_what_would_be_downloaded_and_how_to_get_a_pack(tmp_path):
    problem = told(
        tmp_path,
        missed("imd_2019", "no network"),
        missed("weekly_deaths_2020", "no network"),
        missed("pcm_no2_2021", "no network", needed=False),
        affects=lambda roles: pytest.fail("asked what is affected, which takes seconds"),
    )
    assert problem.what == "2 files that are needed are not here, and there is no network"
    assert problem.expected.startswith("to download 3 files, ")
    for host in ("assets.publishing.service.gov.uk", "www.ons.gov.uk", "uk-air.defra.gov.uk"):
        assert host in problem.expected
    assert "set HTTPS_PROXY first" in problem.do
    assert "they run pockets pack FILE, and you then run pockets build Liverpool --mirror FILE" in (
        problem.do
    )
    assert str(tmp_path / "files") in problem.where


def test_offline_it_says_so_and_names_no_host(tmp_path):
    problem = told(tmp_path, missed("imd_2019", "offline"))
    assert problem.what == "1 file that is needed is not here, and this run is offline"
    assert problem.expected == ""
    assert problem.do.startswith("run it again without --offline; or ask a colleague for a pack")


def test_causes_are_grouped_by_host_with_what_is_affected(tmp_path):
    problem = told(
        tmp_path,
        missed("weekly_deaths_2020", "no answer", reason="the server answered 503."),
        missed("weekly_deaths_2021", "no answer", reason="the server answered 503."),
        missed("imd_2019", "changed", reason="32,000 rows"),
        missed("nox_2013_london", "by hand"),
        missed("pcm_no2_2021", "no answer", reason="not found", needed=False),
        affects=lambda roles: [f"{len(roles)} roles"],
    )
    assert problem.what == "4 files that are needed could not be had"
    assert problem.found == (
        "no program can download nox_2013_london; "
        "assets.publishing.service.gov.uk has something else in the place of imd_2019"
        " (32,000 rows); "
        "uk-air.defra.gov.uk did not give pcm_no2_2021 (not found); "
        "www.ons.gov.uk did not give weekly_deaths_2020, weekly_deaths_2021"
        " (the server answered 503); "
        "affected: 5 roles"
    )
    for way in (
        "try again later",
        "if it stays something else, look for a newer version of this program",
        f"save it as {catalogue()['nox_2013_london'].path} in a folder for --mirror",
        "or ask a colleague for a pack",
    ):
        assert problem.do.count(way) == 1


def test_what_can_be_done_without_is_told_of_as_that(tmp_path):
    problem = told(tmp_path, missed("pcm_no2_2021", "no answer", reason="gone", needed=False))
    assert problem.what == "1 file that can be done without could not be had"
