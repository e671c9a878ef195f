"""Whatever feature servers and lists answer ends in one paragraph or in the right file.

Answers of every kind are changed at random places: parts replaced, left out, repeated, swapped, the
text cut or changed by a byte. No change may end in another error, or in a file that is not the one
that a sound server gives.
"""

from __future__ import annotations

import copy
import csv
import json
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import geopandas as gpd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import InputError, SourceError
from geo.fetch import lists
from geo.fetch.errand import Patience
from tests.geo.publisher import (
    CONTENT,
    SERVICE,
    Areas,
    Host,
    Reply,
    layer,
    left,
    locate,
    said,
    source,
    table,
)

HASTY = Patience(attempts=2, pause_s=0, longest_pause_s=0.01, read_s=5, whole_s=20)
CODES = [f"E0199{number:04d}" for number in range(5)]
JUNK = [
    *(None, True, False, 0, 1, -1, 7, 10**30, 10**400, 0.5, 1e308, float("nan"), float("inf")),
    *("", "E01990001", "Area 1", "OBJECTID", "CODE", "NaN", "\x00", "\ud800", "é", "'", '"', " "),
    *([], {}, [[]], [None], {"": None}, [[[[[]]]]], {"rings": []}, [0, 0], [[0, 0]] * 4),
]


def places(answer, path=()):
    """Yield the way to every part of an answer."""
    yield path
    if isinstance(answer, dict | list):
        for key, part in answer.items() if isinstance(answer, dict) else enumerate(answer):
            yield from places(part, (*path, key))


def changed(answer, chance):
    """Return an answer with one part replaced, left out, repeated, swapped or renamed."""
    spoilt = copy.deepcopy(answer)
    path = chance.choice([*places(spoilt)])
    if not path:
        return chance.choice(JUNK)
    inside, key = spoilt, path[-1]
    for step in path[:-1]:
        inside = inside[step]
    how = chance.choice(["replace", "leave out", "repeat", "swap", "rename"])
    if how == "leave out":
        del inside[key]
    elif how == "repeat" and isinstance(inside, list):
        inside.insert(key, copy.deepcopy(inside[key]))
    elif how == "swap" and isinstance(inside, list):
        other = chance.randrange(len(inside))
        inside[key], inside[other] = inside[other], inside[key]
    elif how == "rename" and isinstance(inside, dict):
        inside[str(chance.choice(JUNK))] = inside.pop(key)
    else:
        inside[key] = chance.choice(JUNK)
    return spoilt


def spoilt(answer, chance):
    """Return an answer that is spoilt in its parts or in its text."""
    how = chance.random()
    if how < 0.8:
        return said(json.dumps(changed(answer, chance)))
    text = bytearray(json.dumps(answer).encode())
    place = chance.randrange(len(text))
    if how < 0.9:
        return Reply(body=bytes(text[:place]))
    text[place] = chance.randrange(256)
    return Reply(body=bytes(text))


@pytest.fixture(scope="module")
def serving():
    """Return one host for all examples."""
    with Host().serving() as host, pytest.MonkeyPatch.context() as patch:
        patch.setattr(lists, "GOVUK", f"{host.url}/api/content/")
        patch.setattr(lists, "PORTAL", f"{host.url}/sharing/rest")
        yield host


def as_recorded(path, record):
    """Refuse ground elsewhere, and other names, as the readers of official files do."""
    if record.address.kind == "govuk":
        found, true = path.read_bytes(), CONTENT
    elif record.vector is None:
        rows = [*csv.reader(path.read_text(encoding="utf-8").splitlines())]
        found = [rows[0], *sorted(rows[1:])]
        true = [["CODE", "NAME"], *([code, f"Area {4 - n}"] for n, code in enumerate(CODES))]
    else:
        areas = gpd.read_file(path)
        found = [*zip(areas["CODE"], areas["NAME"], areas.area, areas.bounds.minx, strict=True)]
        true = [(code, f"Area {4 - n}", 0.5, 4 - n) for n, code in enumerate(CODES)]
    if found != true:
        raise InputError("The areas are others", found=str(found))


def fetched_or_refused(wanted):
    """Fetch a file in a cache of its own; whatever is left is the right file or nothing."""
    with TemporaryDirectory() as folder:
        cache, told = Path(folder), ""
        try:
            as_recorded(locate(wanted, cache=cache, patience=HASTY, check=as_recorded), wanted)
        except SourceError as problem:
            told = str(problem)
        assert "\n" not in told
        assert not told or set(left(cache)) <= {"told.json", *PAGES}


PAGES = {f"page-{number:08d}.json" for number in range(5)}
SETTINGS = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("kind", ["layer", "count", "page"])
@pytest.mark.parametrize("form", [layer, table], ids=["areas", "table"])
@given(turn=st.integers(1, 3), number=st.integers(0, 1 << 30))
@SETTINGS
def test_a_spoilt_answer_of_a_feature_server_is_refused_or_harmless(
    serving, form, kind, turn, number
):
    seen, chance = iter(range(1, 1000)), Random(number)

    def change(what, answer, asked):
        spoils = what == kind and (kind != "page" or next(seen) >= turn)
        return spoilt(answer, chance) if spoils else answer

    serving.at = Areas(table=form is table, change=change).at(SERVICE)
    serving.asked.clear()
    fetched_or_refused(form(serving.url))
    assert len(serving.asked) < 100


ATTACHED = {"details": {"attachments": [{"url": "/media/people.csv", "title": "People"}]}}
SERVICES = "/org/arcgis/rest/services"
RECORDED = {"title": "Areas of England (V2)", "url": f"{{url}}{SERVICES}/A/FeatureServer"}
LISTS = {
    "content": ("/api/content/people", ATTACHED),
    "item": ("/sharing/rest/content/items/0a1b", RECORDED),
    "search": ("/sharing/rest/search", {"results": [RECORDED, {"title": "B", "url": None}]}),
    "services": (SERVICES, {"services": [{"name": "Areas_V2"}]}),
}


@pytest.mark.parametrize("kind", LISTS)
@given(number=st.integers(0, 1 << 30))
@SETTINGS
def test_a_spoilt_list_leads_to_the_file_or_nowhere(serving, kind, number):
    place, answer = LISTS[kind]
    told = json.loads(json.dumps(answer).replace("{url}", serving.url))
    serving.at = {
        "/media/people.csv": Reply(body=CONTENT),
        **Areas().at(f"{SERVICES}/A/FeatureServer/0"),
        place: spoilt(told, Random(number)),
    }
    serving.asked.clear()
    if kind == "content":
        fetched_or_refused(source(kind="govuk", url="", slug="people", attachment="people.csv"))
    else:
        fetched_or_refused(layer(serving.url, called="Areas of England", item="0a1b"))
    assert len(serving.asked) < 100
