"""Whatever is kept and damaged is made again: the same tables and the same bytes, or nothing."""

from __future__ import annotations

import os
import shutil
from dataclasses import fields

import pandas as pd
import pytest

from boundaries.ground import Ground
from geo.files import hashes
from geo.files.owned import LOCK
from geo.files.seals import seal_of, whole
from layers.borough.assemble import assemble
from layers.borough.country import Country
from layers.files import Files
from layers.findings.clusters import england_cluster
from layers.layer import edition
from scripts.sample.write import kept_sample

KINDS = {"converted", "tables", "clusters", "findings"}


@pytest.fixture
def warm(files, boroughs, tmp_path, monkeypatch):
    """Return files with a cache of their own, in it all that the sample asks for and no more."""
    cache, asked = tmp_path / "cache", set()
    Ground(files).prepare()
    working = shutil.ignore_patterns(".*")
    for kind in KINDS:
        shutil.copytree(files.cache / kind, cache / kind, ignore=working)
    monkeypatch.setattr("geo.files.cache.whole", lambda path: asked.add(path) or whole(path))
    made(cache, boroughs)
    monkeypatch.undo()
    for path in set(entries(cache)) - asked:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        seal_of(path).unlink()
    return cache


def made(cache, boroughs):
    """Make both boroughs anew, with all that lies in a cache."""
    files = Files(edition=edition("sample"), cache=cache, mirror=kept_sample(cache), offline=True)
    country = Country(files=files)
    country.ground.prepare()
    for layer in files.edition.layers:
        england_cluster(layer, country.tables, country.ground)
    return {name: assemble(country, was.code, place=was.place) for name, was in boroughs.items()}


def entries(cache):
    places = [*cache.glob("*"), *cache.glob("*/*")]
    return sorted(path for path in places if seal_of(path).exists())


def contents(cache):
    return {
        path.relative_to(cache).as_posix(): path.read_bytes()
        for path in cache.rglob("*")
        if path.is_file() and path.name != LOCK
    }


def flip(path, number):
    """Change one bit, at another place of each file, and leave its times as they were."""
    spoilt, status = bytearray(path.read_bytes()), path.stat()
    spoilt[len(spoilt) * (number % 20) // 20] ^= 1 << number % 8
    path.write_bytes(spoilt)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def cut(path, number):
    os.truncate(path, path.stat().st_size * (number % 4) // 4)


def displace(path, number):
    """Put something of another kind in a file's place, or nothing."""
    path.unlink()
    if number % 2:
        path.mkdir()
    if number % 4 == 2:
        path.symlink_to("/dev/zero")


def test_every_entry_of_the_sample_heals_to_the_same_bytes(warm, boroughs, caplog):
    before, found = contents(warm), entries(warm)
    assert {path.parent.name for path in found} == KINDS | {"cache"}
    sealed = {name.removesuffix(".sha256") for name in before if name.endswith(".sha256")}
    assert {path.relative_to(warm).as_posix() for path in found} == sealed
    for number, path in enumerate(found):
        inside = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
        (flip, cut, displace)[number % 3](inside[number % len(inside)], number)
    hashes._hash.cache_clear()
    healed = made(warm, boroughs)
    assert contents(warm) == before
    assert len(caplog.messages) == len(set(caplog.messages)) == len(found)
    for name, was in boroughs.items():
        for field in fields(was):
            value = getattr(was, field.name)
            if isinstance(value, pd.DataFrame | pd.Series):
                assert value.equals(getattr(healed[name], field.name)), field.name
