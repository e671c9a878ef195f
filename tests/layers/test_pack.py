"""Packs: one file holds an edition's inputs, gives what the originals give, and is checked."""

from __future__ import annotations

import json
import warnings
import zipfile
from dataclasses import replace
from datetime import date
from hashlib import sha256

import pandas as pd
import pytest

from boundaries.ground import Ground
from geo.errors import CacheError, PocketsError, SourceError
from geo.files.parcels import PARCEL, part_of
from geo.tables.parts import AREAS, CELLS, keep_rows, kept_rows
from layers.catalogue import catalogue
from layers.files import Files
from layers.layer import edition
from layers.pack import CONTENTS, _is_plain, unpacked
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


def listing(path, *members, **told):
    """Write a pack of some members, with a list of them that says true."""
    files = {name: sha256(content).hexdigest() for name, content in members}
    contents = {"pack": 1, "edition": "sample", "files": files, **told}
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore", UserWarning)
        for name, content in (*members, (CONTENTS, json.dumps(contents).encode())):
            archive.writestr(zipfile.ZipInfo(name), content)
    return path


@pytest.mark.parametrize(
    "name",
    [
        "/evil.json",
        "//evil.json",
        "/tmp/evil.json",
        "../evil.json",
        "a/../evil.json",
        "a/..json",
        "./evil.json",
        "a//evil.json",
        "a/",
        "a",
        "evil.json",
        "a/b/evil.json",
        "a\\evil.json",
        "..\\a/evil.json",
        "a/..\\evil.json",
        "c:/evil.json",
        "a/c:evil.json",
        "a/evil.json:more.json",
        "a/evil.json.",
        "a/evil.json ",
        "a./evil.json",
        " a/evil.json",
        "a/evil.json\n",
        "a/ev\til.json",
        "a/évil.json",
        "A/evil.json",
        "a/Evil.json",
        "a/evil.py",
        "a/.json",
        "~/evil.json",
        "a/con.json",
        "nul/evil.json",
        "a/com1.parquet",
    ],
)
def test_a_name_that_no_pack_is_written_with_is_refused(tmp_path, name):
    place, cache = tmp_path / "own" / "pack.zip", tmp_path / "own" / "cache"
    place.parent.mkdir()
    bad = listing(place, (name, b"[]"))
    with pytest.raises(SourceError, match="names that lead elsewhere, or are none of a pack"):
        unpacked(bad, edition("sample"), cache)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["pack.zip"]


@pytest.mark.parametrize("name", ["/evil.json", "a\\evil.json", "a/evil.json\0", "a/evil.json"])
def test_a_name_with_more_than_its_end_is_not_unpacked(tmp_path, name):
    """The names of the list are those of the archive, or none."""
    bad = listing(tmp_path / "pack.zip", ("a/good.json", b"[]"))
    with zipfile.ZipFile(bad) as archive:
        told = json.loads(archive.read(CONTENTS))
    told["files"][name] = told["files"]["a/good.json"]
    changed(bad, tmp_path / "bad.zip", {CONTENTS: lambda _: json.dumps(told).encode()})
    with pytest.raises(SourceError, match="files that its list does not have"):
        unpacked(tmp_path / "bad.zip", edition("sample"), tmp_path / "cache")


def test_the_names_of_all_records_are_those_of_a_pack():
    for source in catalogue().values():
        parts = [f"{name}.parquet" for name in source.tables]
        parts += [f"{name}.json" for name in source.sheets]
        names = [f"{source.id}/{name}" for name in (*parts, PARCEL, AREAS, CELLS)]
        assert [name for name in names if not _is_plain(name)] == []


def test_two_files_of_one_name_are_refused(tmp_path):
    bad = listing(tmp_path / "pack.zip", ("a/b.json", b"[1]"), ("a/b.json", b"[2]"))
    with pytest.raises(SourceError, match=r"more than one file of a name \('a/b\.json'\)"):
        unpacked(bad, edition("sample"), tmp_path / "cache")


@pytest.mark.parametrize(
    "told",
    [
        {"edition": 2019},
        {"edition": None},
        {"files": [1]},
        {"files": {"a/b.json": 1}},
        {"files": {"a/b.json": None}},
    ],
)
def test_a_list_of_another_shape_is_refused(tmp_path, told):
    bad = listing(tmp_path / "pack.zip", ("a/b.json", b"[]"), **told)
    with pytest.raises(SourceError, match=r"is not a pack|cannot be opened"):
        unpacked(bad, edition("sample"), tmp_path / "cache")


@pytest.mark.parametrize("text", [b"[" * 200_000, b"[1]", b'"a"', b"\xff\xfe", b"{" + b" " * 2**20])
def test_a_list_of_no_pack_is_refused(tmp_path, text):
    bad = tmp_path / "pack.zip"
    with zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(CONTENTS, text)
    with pytest.raises(SourceError, match=r"is not a pack|cannot be opened"):
        unpacked(bad, edition("sample"), tmp_path / "cache")


def test_a_refusal_of_the_cache_is_not_called_a_damaged_pack(pack, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(CacheError, match="The cache cannot be written"):
        unpacked(pack, edition("sample"), tmp_path / "cache")


def test_a_file_that_lies_about_its_size_ends_there(tmp_path):
    bad = listing(tmp_path / "pack.zip", ("a/b.json", bytes(54_321)))
    told = (54_321).to_bytes(4, "little")
    whole = bad.read_bytes()
    assert whole.count(told) >= 2
    bad.write_bytes(whole.replace(told, (1000).to_bytes(4, "little")))
    with pytest.raises(SourceError, match="a damaged archive"):
        unpacked(bad, edition("sample"), tmp_path / "cache")
    assert not list((tmp_path / "cache").rglob("b.json"))


def test_whatever_is_spoilt_in_a_pack_is_told_in_a_paragraph(tmp_path):
    members = [("a/b.json", b"[1,2,3]" * 20), ("a/parcel.json", b"{}")]
    whole = listing(tmp_path / "pack.zip", *members).read_bytes()
    spoilt = [whole[:cut] for cut in range(0, len(whole), 7)]
    for place, was in enumerate(whole):
        values = (was ^ 1, was ^ 64)
        spoilt += [whole[:place] + bytes([value]) + whole[place + 1 :] for value in values]
    known, cache, refused = edition("sample"), tmp_path / "cache", 0
    for number, content in enumerate(spoilt):
        bad = tmp_path / f"{number}.zip"
        bad.write_bytes(content)
        try:
            unpacked(bad, known, cache)
        except PocketsError:
            refused += 1
    assert refused > len(spoilt) / 2


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
