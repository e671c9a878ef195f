"""Packs: one file holds an edition's inputs, gives what the originals give, and is checked."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from boundaries.ground import Ground
from geo.errors import PocketsError, SourceError
from geo.files.parcels import part_of
from geo.tables.parts import keep_rows, kept_rows
from layers.files import Files
from layers.layer import edition
from layers.pack import CONTENTS, unpacked
from layers.packing import write_pack
from layers.table.neighbourhoods import KEPT_TABLES, build_tables


@pytest.fixture(scope="module")
def originals(sample_mirror, tmp_path_factory):
    cache = tmp_path_factory.mktemp("cache")
    return Files(edition=edition("sample"), cache=cache, mirror=sample_mirror, offline=True)


@pytest.fixture(scope="module")
def pack(originals, tmp_path_factory):
    told = []
    path = write_pack(originals, tmp_path_factory.mktemp("pack") / "sample.zip", say=told.append)
    assert set(told) == {originals.source(role).id for role in originals.roles()}
    return path


def changed(pack, target, changes):
    """Write a pack again with some members changed, and its list made to agree with them."""
    with zipfile.ZipFile(pack) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry, changes.get(entry.filename, lambda same: same)(content))
    return target


def files_of(pack, cache):
    known = edition("sample")
    return Files(edition=known, cache=cache, mirror=unpacked(pack, known, cache), offline=True)


def test_a_pack_gives_the_tables_that_the_originals_give(originals, pack, tmp_path):
    packed = files_of(pack, tmp_path)
    ours, theirs = (build_tables(files, Ground(files)) for files in (packed, originals))
    for name in KEPT_TABLES:
        pd.testing.assert_frame_equal(getattr(ours, name), getattr(theirs, name), check_exact=True)
    assert (ours.used, ours.notes) == (theirs.used, theirs.notes)


def test_a_pack_gives_the_ground_that_the_originals_give(originals, pack, tmp_path):
    ours, theirs = Ground(files_of(pack, tmp_path)), Ground(originals)
    for level in ("lsoa", "msoa"):
        assert ours.areas(level).equals(theirs.areas(level))
    code = ours.districts.index[0]
    assert ours.postcodes(code).equals(theirs.postcodes(code))


def test_the_original_files_are_told_not_those_of_the_pack(originals, pack, tmp_path):
    assert files_of(pack, tmp_path).origins() == originals.origins()


def test_the_same_inputs_make_the_same_bytes(originals, pack, tmp_path):
    again = write_pack(originals, tmp_path / "again.zip", say=lambda _: None)
    assert again.read_bytes() == pack.read_bytes()


def test_a_pack_says_under_which_licences_its_files_are(originals, pack):
    with zipfile.ZipFile(pack) as archive:
        told = archive.read("LICENCES.txt").decode()
    for role in originals.roles():
        assert originals.source(role).attribution in told


def cut(content):
    return content[: len(content) // 2]


DAMAGES = {
    "a member changed": lambda pack, target: changed(
        pack, target, {"sample_imd/main.parquet": lambda content: content[:-1] + b"x"}
    ),
    "a list of nothing": lambda pack, target: changed(
        pack, target, {CONTENTS: lambda content: b'{"pack": 1, "edition": "sample", "files": {}}'}
    ),
    "a list that is none": lambda pack, target: changed(pack, target, {CONTENTS: cut}),
    "a list of a later form": lambda pack, target: changed(
        pack, target, {CONTENTS: lambda content: content.replace(b'"pack": 1', b'"pack": 2')}
    ),
    "a name that leads elsewhere": lambda pack, target: changed(
        pack,
        target,
        {CONTENTS: lambda content: content.replace(b"sample_imd/main", b"../../sample_imd/main")},
    ),
    "half a file": lambda pack, target: target.write_bytes(cut(pack.read_bytes())),
    "no archive": lambda pack, target: target.write_text("<html>Not found</html>"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_pack_is_refused_whole(pack, tmp_path, damage):
    bad, cache = tmp_path / "bad.zip", tmp_path / "cache"
    DAMAGES[damage](pack, bad)
    with pytest.raises(PocketsError) as caught:
        unpacked(bad, edition("sample"), cache)
    assert str(bad) in str(caught.value)
    assert not list(cache.rglob("*.parquet"))
    assert not (tmp_path / "sample_imd").exists()


def test_an_archive_of_something_else_is_no_pack(tmp_path):
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("people.csv", "code,n\n")
    with pytest.raises(SourceError, match=r"no pack\.json in it: it is some other archive"):
        unpacked(path, edition("sample"), tmp_path)


def test_a_pack_of_another_edition_says_which_it_is(pack, tmp_path):
    with pytest.raises(SourceError, match="build with --edition sample"):
        unpacked(pack, replace(edition("sample"), id="2019"), tmp_path)


def test_a_pack_that_is_much_too_large_is_not_unpacked(pack, tmp_path, monkeypatch):
    monkeypatch.setattr("layers.pack.MOST_PACKED", 1000)
    with pytest.raises(SourceError, match="MB when unpacked"):
        unpacked(pack, edition("sample"), tmp_path)


def with_people(content, path):
    """Add one person to the Indices' table of a pack."""
    path.write_bytes(content)
    table = pd.read_parquet(path)
    table.loc[table.index[0], "population"] += 1
    table.to_parquet(path)
    return path.read_bytes()


def test_values_of_a_pack_are_checked_as_those_of_any_file(pack, tmp_path):
    """A pack whose own list agrees with what somebody changed in it is refused by what is in it."""
    from geo.files.hashes import file_hash

    member, part = "sample_imd/main.parquet", tmp_path / "part.parquet"
    with zipfile.ZipFile(pack) as archive:
        content = with_people(archive.read(member), part)
    listed = {member: file_hash(part)}

    def agreed(contents):
        told = json.loads(contents)
        return json.dumps({**told, "files": {**told["files"], **listed}}).encode()

    bad = changed(pack, tmp_path / "bad.zip", {member: lambda _: content, CONTENTS: agreed})
    files = files_of(bad, tmp_path / "cache")
    with pytest.raises(PocketsError, match="adds up to 390,001, published 390,000"):
        build_tables(files, Ground(files))


def test_days_and_other_cells_of_a_sheet_come_back_as_they_were(tmp_path):
    rows = [["Week", date(2020, 1, 3), 1.5, "", True], [], ["é", 2.0]]
    path = tmp_path / "sheet.json"
    keep_rows(rows, path)
    assert kept_rows(path) == rows


def test_a_part_that_a_newer_record_asks_for_is_named(tmp_path):
    (tmp_path / "main.parquet").write_bytes(b"")
    with pytest.raises(SourceError, match=r"Expected: wards\.parquet\. Found: main\.parquet"):
        part_of(tmp_path, "wards.parquet")
