"""What is to be downloaded, and what is said of it before it is."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from geo.files.cache import keep
from geo.sources import Address
from layers.catalogue import catalogue
from layers.files import Files
from layers.layer import edition
from layers.order import Wanted, in_all, order_of

REQUIRED = [role for role in edition("2019").sources if role not in edition("2019").optional]


@pytest.fixture
def bare(tmp_path):
    (tmp_path / "mirror").mkdir()
    return Files(edition=edition("2019"), cache=tmp_path / "cache", mirror=tmp_path / "mirror")


def put(files, roles):
    for role in roles:
        path = files.mirror / files.source(role).path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("something")


def put_all_but(files, lacking):
    put(files, [role for role in REQUIRED if files.source(role).id not in lacking])


def ids(order):
    return [one.source.id for one in order.items]


def test_a_build_that_lacks_nothing_it_needs_asks_for_nothing(bare):
    put(bare, REQUIRED)
    assert order_of(bare).items == ()
    wanted = {bare.source(role).id for role in bare.edition.optional} - {"fuel_poverty_2020"}
    assert set(ids(order_of(bare, everything=True))) == wanted


def test_what_is_needed_comes_first_and_each_file_once(bare):
    put_all_but(bare, {"imd_2019", "fuel_poverty_2020"})
    order = order_of(bare)
    assert ids(order)[:2] == ["imd_2019", "fuel_poverty_2020"]
    assert len(ids(order)) == len(set(ids(order)))
    assert order.items[0].roles == ("districts", "imd")
    assert order.items[1].roles == ("fuel_poverty", "fuel_poverty_2020")
    assert [one.needed for one in order.items] == [True] * 2 + [False] * (len(order.items) - 2)


def test_a_copy_in_the_cache_that_fails_its_checks_is_not_at_hand(bare):
    """What is said before is what happens then: it is fetched again, or is not to be had."""
    imd = bare.source("imd")
    keep(bare.cache / "files" / imd.path, lambda made: made.write_text("<!doctype html>"))
    assert bare.unchecked("imd")
    (one,) = order_of(bare, roles=["imd"]).items
    assert (one.source.id, one.by_program) == ("imd_2019", True)
    assert one.spoilt.startswith("a copy in the cache that fails its checks (")
    (offline,) = order_of(replace(bare, offline=True), roles=["imd"]).items
    assert (offline.by_program, offline.spoilt) == (False, one.spoilt)
    put(bare, ["imd"])
    assert order_of(bare, roles=["imd"]).items == ()


@pytest.mark.parametrize("offline", [False, True])
def test_where_a_kept_copy_fails_its_checks_another_source_at_hand_will_do(bare, offline):
    known = replace(bare.edition, alternatives={"imd": ("msoa_2011_names",)})
    files = replace(bare, edition=known, offline=offline)
    kept = files.cache / "files" / catalogue()["imd_2019"].path
    keep(kept, lambda made: made.write_text("<!doctype html>"))
    assert ids(order_of(files, roles=["imd"])) == ["imd_2019"]
    put(files, ["names"])
    assert order_of(files, roles=["imd"]).items == ()
    assert files.decided("imd").plan.path == files.mirror / catalogue()["msoa_2011_names"].path


def test_only_the_files_of_some_roles_are_looked_for(bare):
    assert ids(order_of(bare, roles=["names", "imd"])) == ["msoa_2011_names", "imd_2019"]


def test_offline_no_program_can_have_anything(bare):
    order = order_of(replace(bare, offline=True))
    assert order.downloads == []
    assert {one.source.id for one in order.items} >= {"imd_2019", "pcm_no2_2021"}


def test_the_plan_says_files_hosts_sizes_and_for_how_long(bare):
    put_all_but(bare, {"imd_2019", "msoa_2011_names"})
    order = order_of(bare)
    sized = [replace(one, source=replace(one.source, size_mb=None)) for one in order.items]
    sized[0] = replace(sized[0], source=replace(sized[0].source, size_mb=6.68))
    sized[1] = replace(sized[1], source=replace(sized[1].source, size_mb=0.52))
    order = replace(order, items=tuple(sized))
    lines = order.lines()
    others = len(sized) - 2
    said = f"{len(sized)} files, about 7.2 MB and {others} of unknown size"
    assert lines[0] == f"To be downloaded: {said}"
    assert lines[1].split() == ["imd_2019", "about", "6.7", "MB",
                                "assets.publishing.service.gov.uk"]  # fmt: skip
    assert lines[2].split() == ["msoa_2011_names", "about", "0.5", "MB",
                                "houseofcommonslibrary.github.io"]  # fmt: skip
    assert lines[3] == "and, since files are downloaded anyway, what can be done without:"
    assert any(line.split()[1:] == ["size", "unknown", "uk-air.defra.gov.uk"] for line in lines[4:])
    assert lines[-1] == f"Kept until you delete them, in {bare.cache / 'files'}"
    assert max(map(len, lines[:-1])) <= 80


def test_what_a_person_has_to_download_is_said_with_how(bare):
    address = Address(kind="page")
    source = replace(catalogue()["imd_2019"], address=address)
    by_hand = Wanted(source=source, roles=("imd",), needed=True, by_program=False)
    order = order_of(bare, roles=["names"])
    lines = replace(order, items=(*order.items, by_hand)).lines()
    at = lines.index("No program can download:")
    assert lines[at + 1].split(maxsplit=1) == ["imd_2019", source.by_hand]
    assert source.page in lines[at + 1]
    assert replace(order, items=(by_hand,)).lines() == [
        "Nothing is to be downloaded", *lines[at : at + 2]
    ]  # fmt: skip
    assert order_of(bare, roles=[]).lines() == ["Nothing is to be downloaded"]
    assert order_of(bare, roles=[]).addresses() == []


def test_every_address_is_listed_with_its_file(bare):
    order = order_of(bare)
    *told, last = order.addresses()
    listed: dict[str, list[str]] = {}
    for line in told:
        name, url = line.split(maxsplit=1)
        listed.setdefault(name, []).append(url)
    assert set(listed) == set(ids(order))
    address = catalogue()["imd_2019"].address
    page = f"https://www.gov.uk/api/content/{address.slug}"
    assert listed["imd_2019"] == [address.url, *address.also, page]
    slug = catalogue()["fuel_poverty_2015"].address.slug
    assert listed["fuel_poverty_2015"] == [f"https://www.gov.uk/api/content/{slug}"]
    (hosts,) = re.findall("All hosts that may be asked: (.*)", last)
    asked = {urlsplit(url).hostname for urls in listed.values() for url in urls}
    assert set(hosts.split(", ")) >= asked | {"assets.publishing.service.gov.uk"}
    assert hosts.split(", ") == sorted(set(hosts.split(", ")))
    counts = Counter(one.host for one in order.downloads)
    assert set(order.hosts) == set(counts)
    assert [counts[host] for host in order.hosts] == sorted(counts.values(), reverse=True)


def test_sizes_are_added_up_as_far_as_they_are_known(bare):
    one = order_of(bare, roles=["imd"]).items[0]
    sizes = {None: "of unknown size", 6.68: "about 6.7 MB", 20.4: "about 20 MB"}
    for size, said in sizes.items():
        assert in_all([replace(one, source=replace(one.source, size_mb=size))]) == said
