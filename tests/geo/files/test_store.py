"""Frames of the cache: worked out once for what they are made of, the same when read again."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.files import cache
from geo.files.store import Store

FRAME = pd.DataFrame({"score": [1.5, None]}, index=pd.Index(["a", "b"], name="area_code"))
OTHER = pd.DataFrame({"name": ["c"]}, index=pd.Index(["c"], name="area_code"))


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "findings")


def never():
    pytest.fail("worked out again")


def test_a_frame_is_worked_out_once_for_what_it_is_made_of(store):
    first = store.frame("lsoa", "key", {"tau": 5}, make=lambda: FRAME)
    pd.testing.assert_frame_equal(first, FRAME)
    pd.testing.assert_frame_equal(store.frame("lsoa", "key", {"tau": 5}, make=never), FRAME)
    for name, *of in (("msoa", "key", {"tau": 5}), ("lsoa", "key", {"tau": 8}), ("lsoa", "key")):
        pd.testing.assert_frame_equal(store.frame(name, *of, make=lambda: OTHER), OTHER)


def test_other_code_makes_a_frame_anew(store, monkeypatch):
    store.frame("lsoa", "key", make=lambda: FRAME)
    monkeypatch.setattr(cache, "code_hash", lambda: "other code")
    pd.testing.assert_frame_equal(store.frame("lsoa", "key", make=lambda: OTHER), OTHER)


def test_frames_that_are_worked_out_together_are_kept_together(store):
    made = store.frames("both", "key", make=lambda: {"one": FRAME, "other": OTHER})
    again = store.frames("both", "key", make=never)
    for found in (made, again):
        assert [*found] == ["one", "other"]
        pd.testing.assert_frame_equal(found["one"], FRAME)
        pd.testing.assert_frame_equal(found["other"], OTHER)


def test_frames_are_whole_or_not_there(store):
    class Half(dict):
        def items(self):
            yield "one", FRAME
            raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        store.frames("both", "key", make=Half)
    assert [path for path in store.folder.iterdir() if not path.name.startswith(".lock")] == []


def test_a_file_is_written_where_it_is_asked_for(store):
    path = store.file("words.json", "key", make=lambda path: path.write_text("{}"))
    assert path.parent == store.folder
    assert path.name.startswith("words-")
    assert path.read_text() == "{}"
