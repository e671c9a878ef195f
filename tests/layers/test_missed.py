"""What could not be had is one paragraph, grouped by cause."""

from __future__ import annotations

from dataclasses import replace

import pytest

from layers.catalogue import catalogue
from layers.commands import command
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
    assert problem.what == (
        "2 files that are needed, and 1 that can be done without, are not here, and there is no "
        "network"
    )
    assert problem.found == "nothing of imd_2019, weekly_deaths_2020, pcm_no2_2021"
    assert problem.expected.startswith("to download 3 files, ")
    for host in ("assets.publishing.service.gov.uk", "www.ons.gov.uk", "uk-air.defra.gov.uk"):
        assert host in problem.expected
    assert "set HTTPS_PROXY first" in problem.do
    assert (
        "they run pockets pack FILE --edition 2019, and you then run pockets build Liverpool"
        " --mirror FILE"
    ) in problem.do
    assert str(tmp_path / "files") in problem.where


def test_offline_it_says_so_and_names_no_host_but_the_files(tmp_path):
    problem = told(tmp_path, missed("imd_2019", "offline"))
    assert problem.found == "nothing of imd_2019"
    assert problem.what == "1 file that is needed is not here, and this run is offline"
    assert problem.expected == ""
    assert problem.do.startswith(
        "run it again without --offline; pockets sources --edition 2019 says of each file what it "
        "is and where it comes from; or ask a colleague for a pack"
    )


def test_a_copy_that_is_here_and_of_no_use_is_told_of(tmp_path):
    lost = missed("imd_2019", "offline")
    spoilt = replace(lost.wanted, spoilt="a damaged copy in the cache, which is not used")
    problem = told(tmp_path, replace(lost, wanted=spoilt))
    assert problem.found == "of imd_2019 a damaged copy in the cache, which is not used"


def test_commands_name_the_edition_and_stand_as_they_are_typed(tmp_path):
    files = Files(edition=edition("sample"), cache=tmp_path, mirror=tmp_path / "mirror")
    lost = missed("imd_2019", "no answer", reason="gone")
    order = Order(files=files, items=(lost.wanted,))
    problem = absent(order, [lost], again=command(files.edition, "build", "St. Helens"))
    assert "they run pockets pack FILE --edition sample, and you then run" in problem.do
    assert "run pockets build 'St. Helens' --edition sample --mirror FILE" in problem.do
    assert "(pockets sources --edition sample says where)" in problem.do
    assert problem.where.endswith(f", and the mirror {tmp_path / 'mirror'}")


def test_causes_are_grouped_by_host_with_what_is_affected(tmp_path):
    problem = told(
        tmp_path,
        missed("weekly_deaths_2020", "no answer", reason="the server answered 503."),
        missed("weekly_deaths_2021", "no answer", reason="the server answered 503."),
        missed("msoa_population_2019", "no answer", reason="the server answered 404."),
        missed("imd_2019", "changed", reason="32,000 rows"),
        missed("nox_2013_london", "by hand"),
        missed("pcm_no2_2021", "no answer", reason="not found", needed=False),
        affects=lambda roles: [f"{len(roles)} roles"],
    )
    assert problem.what == (
        "5 files that are needed, and 1 that can be done without, could not be had"
    )
    assert problem.found == (
        "no program can download nox_2013_london; "
        "assets.publishing.service.gov.uk has something else in the place of imd_2019"
        " (32,000 rows); "
        "uk-air.defra.gov.uk did not give pcm_no2_2021 (not found); "
        "www.ons.gov.uk did not give weekly_deaths_2020, weekly_deaths_2021"
        " (the server answered 503), and msoa_population_2019 (the server answered 404); "
        "affected: 6 roles"
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
