"""Which file plays which role, and where it is."""

from __future__ import annotations

import dataclasses
import logging

import pytest

from geo.errors import AbsentError, SourceError
from geo.fetch import obtain
from geo.files.hashes import file_hash
from geo.files.seals import seal
from layers import files as module
from layers.files import Files
from layers.layer import edition


def test_a_role_leads_to_its_record_and_its_file(files, sample_mirror):
    assert files.source("imd").id == "sample_imd"
    assert files.path("imd") == sample_mirror / "imd" / "sample_indices.csv"


def test_the_cache_comes_before_the_mirror(mirror):
    source = mirror.files.source("imd")
    cached = mirror.files.cache / "files" / source.path
    cached.parent.mkdir(parents=True)
    cached.write_bytes(mirror.path("imd").read_bytes())
    seal(cached)
    assert mirror.files.path("imd") == cached


def test_every_role_has_a_file_and_its_hash(files):
    roles = files.roles()
    assert set(roles) == set(files.edition.sources)
    assert files.hashes() == {role: file_hash(path) for role, path in roles.items()}
    assert len(set(files.hashes().values())) == len(set(files.edition.sources.values()))


def test_a_file_that_is_nowhere_is_refused(mirror):
    mirror.path("imd").unlink()
    with pytest.raises(SourceError) as caught:
        mirror.files.path("imd")
    assert "(sample_imd) is not here, and this run is offline" in caught.value.what
    assert "sample_indices.csv" in caught.value.where
    assert "build the area “sample”" in caught.value.do
    assert not mirror.files.at_hand("imd")


def test_an_optional_file_that_is_not_at_hand_is_done_without(mirror):
    role = "air_quality_pm25_2021"
    assert role in mirror.files.edition.optional
    mirror.path(role).unlink()
    assert mirror.files.find(role) is None
    assert role not in mirror.files.roles()
    with pytest.raises(SourceError):
        mirror.files.path(role)


def test_a_damaged_copy_of_an_optional_file_is_told_of_once_and_done_without(mirror, caplog):
    role = "air_quality_pm25_2021"
    mirror.path(role).unlink()
    cached = mirror.files.cache / "files" / mirror.files.source(role).path
    cached.parent.mkdir(parents=True)
    cached.write_text("gridcode,x,y,pm2520")
    assert [mirror.files.find(role) for _ in range(2)] == [None, None]
    assert mirror.files.absent() == (role,)
    (warning,) = caplog.messages
    assert mirror.files.source(role).title in warning
    assert "a damaged copy in the cache, which is not used" in warning
    with pytest.raises(AbsentError):
        mirror.files.path(role)


def test_a_kept_copy_of_an_optional_file_that_fails_its_checks_is_done_without(mirror, caplog):
    role = "air_quality_pm25_2021"
    cached = mirror.files.cache / "files" / mirror.files.source(role).path
    cached.parent.mkdir(parents=True)
    cached.write_bytes(mirror.path(role).read_bytes().splitlines()[0])
    seal(cached)
    mirror.path(role).unlink()
    assert mirror.files.find(role) is None
    assert "a copy in the cache that fails its checks" in caplog.messages[0]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda text: "<!doctype html>" + text, "<!doctype html>"),
        (lambda text: text.splitlines()[0], "The grid has no column"),
    ],
)
def test_a_broken_optional_file_in_a_mirror_is_told_of_once_and_done_without(
    mirror, caplog, spoil, said
):
    role = "air_quality_pm25_2021"
    path = mirror.path(role)
    path.write_text(spoil(path.read_text()))
    assert [mirror.files.find(role) for _ in range(2)] == [None, None]
    assert mirror.files.absent() == (role,)
    (warning,) = caplog.messages
    assert mirror.files.source(role).title in warning
    assert said in warning
    assert str(path) in warning
    assert path.exists()


def test_an_optional_file_in_a_mirror_is_checked_once(mirror, monkeypatch):
    role, checked = "air_quality_pm25_2021", []

    def check(path, source):
        checked.append(path)

    monkeypatch.setattr(module, "require_contents", check)
    for _ in range(2):
        assert dataclasses.replace(mirror.files, _found={}, _without=set()).find(
            role
        ) == mirror.path(role)
    assert checked == [mirror.path(role)]


def test_an_optional_file_is_never_downloaded_on_the_way(files, tmp_path, monkeypatch):
    monkeypatch.setattr(obtain, "obtain", lambda *_, **__: pytest.fail("went to the network"))
    bare = Files(edition=edition("2019"), cache=tmp_path)
    assert bare.absent() == bare.edition.optional
    assert set(bare.edition.optional) > {"air_quality_pm25_2021", "fuel_poverty_2015"}


def test_a_hash_follows_the_content(mirror):
    before = mirror.files.hashes()
    path = mirror.path("names")
    path.write_bytes(path.read_bytes() + b"\n")
    after = mirror.files.hashes()
    assert {role for role in before if before[role] != after[role]} == {"names"}


def two_for_one_role(files, role="names", other="sample_imd"):
    """Return files of which two sources can play a role."""
    known = dataclasses.replace(files.edition, alternatives={role: (other,)})
    return dataclasses.replace(files, edition=known, _found={})


def test_of_two_sources_at_hand_the_preferred_one_is_used(files):
    assert two_for_one_role(files).path("names") == files.path("names")
    assert two_for_one_role(files).source("names").id == "sample_names"


def test_of_two_sources_the_one_at_hand_is_used_and_named(mirror):
    mirror.path("names").unlink()
    both = two_for_one_role(mirror.files)
    assert both.source("names").id == "sample_imd"
    assert both.path("names") == mirror.folder / "imd" / "sample_indices.csv"
    assert both.source("names").id == "sample_imd"
    assert both.hashes()["names"] == both.hashes()["imd"]


def test_of_two_sources_that_are_nowhere_both_are_named(mirror):
    for role in ("names", "imd"):
        mirror.path(role).unlink()
    with pytest.raises(SourceError) as caught:
        two_for_one_role(mirror.files).path("names")
    assert caught.value.what == "None of the 2 sources of “names” is to be had"
    for name in ("sample_names", "sample_imd"):
        assert name in caught.value.found


@pytest.mark.parametrize("fails", [(), ("msoa_2011_names",)])
def test_what_can_be_downloaded_is_tried_in_the_order_of_preference(
    tmp_path, monkeypatch, caplog, fails
):
    def locate(source, _):
        if source.id in fails:
            raise SourceError("The server is gone", where=source.id)
        return tmp_path / source.id

    monkeypatch.setattr(module, "locate", locate)
    known = dataclasses.replace(
        edition("2019"),
        sources={"names": "sample_names"},
        alternatives={"names": ("msoa_2011_names", "imd_2019")},
    )
    files = Files(edition=known, cache=tmp_path)
    expected = "imd_2019" if fails else "msoa_2011_names"
    with caplog.at_level(logging.WARNING):
        assert files.path("names") == tmp_path / expected
    assert files.source("names").id == expected
    assert ("The server is gone" in caplog.text) == bool(fails)
