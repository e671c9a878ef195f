"""Which files are at hand, and in what state."""

from __future__ import annotations

from geo.files.cache import keep
from layers.files import Files
from layers.layer import edition
from layers.stock import stock


def test_the_stock_says_where_files_are_and_whether_they_are_sound(tmp_path):
    cache, mirror = tmp_path / "cache", tmp_path / "mirror"
    files = Files(edition=edition("2019"), cache=cache, mirror=mirror)
    at = {"imd": cache / "files", "msoa": cache / "files", "covid_deaths": mirror, "names": mirror}
    for role, folder in at.items():
        path = folder / files.source(role).path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"not the publisher's")
    keep(cache / "files" / files.source("imd").path, lambda made: made.write_bytes(b"any"))
    found = {item.role: (item.place, item.state) for item in stock(files)}
    assert found["imd"] == ("cache", "contents checked when read")
    assert found["covid_deaths"] == ("mirror", "STALE: not the recorded SHA-256")
    assert found["lookup"] == ("absent", "to be had by hand")
    assert found["msoa"] == ("absent", "damaged in the cache, to be had with “pockets fetch”")
    assert found["lsoa"] == ("absent", "to be had with “pockets fetch”")
    assert found["fuel_poverty_2015"] == ("absent", "not needed, to be had with “pockets fetch”")
    assert [*found] == [*files.edition.sources]
