"""Which file plays which role, and where it is."""

from __future__ import annotations

import pytest

from geo.errors import SourceError
from geo.files.hashes import file_hash
from geo.files.seals import seal
from layers import files as module
from layers.files import Files


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
    assert len(set(files.hashes().values())) == len(roles)


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


def test_an_optional_file_that_is_damaged_in_the_cache_is_not_done_without(mirror):
    role = "air_quality_pm25_2021"
    mirror.path(role).unlink()
    cached = mirror.files.cache / "files" / mirror.files.source(role).path
    cached.parent.mkdir(parents=True)
    cached.write_text("gridcode,x,y,pm2520")
    assert mirror.files.at_hand(role)
    with pytest.raises(SourceError, match="a damaged copy in the cache, which is not used"):
        mirror.files.find(role)


def test_an_optional_file_is_never_downloaded_on_the_way(files, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "locate", lambda *_, **__: pytest.fail("went to the network"))
    bare = Files(edition=files.edition, cache=tmp_path)
    assert [bare.find(role) for role in files.edition.optional] == [None] * 6


def test_a_hash_follows_the_content(mirror):
    before = mirror.files.hashes()
    path = mirror.path("names")
    path.write_bytes(path.read_bytes() + b"\n")
    after = mirror.files.hashes()
    assert {role for role in before if before[role] != after[role]} == {"names"}
