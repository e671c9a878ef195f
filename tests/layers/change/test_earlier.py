"""Which earlier editions are at hand, and what stands behind what is said of them."""

from __future__ import annotations

from types import SimpleNamespace

from layers.change.earlier import earlier_sources, roles_at_hand
from layers.layer import edition, editions


def files(known, *, without=()):
    """Files of an edition of which some optional roles are not at hand."""
    return SimpleNamespace(
        edition=known,
        find=lambda role: None if role in without else role,
        source=lambda role: SimpleNamespace(id=known.sources[role]),
    )


def test_editions_before_are_those_of_the_record_the_oldest_first():
    assert roles_at_hand(files(edition("2025"))) == {
        "2015": "earlier_2015",
        "2019": "former_lsoa",
    }
    assert roles_at_hand(files(edition("2019"))) == roles_at_hand(files(edition("sample"))) == {}


def test_what_is_not_at_hand_is_left_out_and_not_credited():
    known = edition("2025")
    lacking = files(known, without=("earlier_2015", "former_boundaries"))
    assert list(roles_at_hand(lacking)) == ["2019"]
    assert [source.id for source in earlier_sources(lacking)] == ["imd_2019", "lsoa_2011_to_2021"]
    assert [source.id for source in earlier_sources(files(known))] == [
        "imd_2015", "imd_2019", "lsoa_2011_to_2021", "lsoa_2011_boundaries", "msoa_2011_names",
        "ward_2019_lookup",
    ]  # fmt: skip
    assert earlier_sources(files(edition("2019"))) == ()


def test_every_edition_named_before_has_a_source():
    for known in editions().values():
        assert set(known.earlier.values()) <= set(known.sources)
        assert list(known.earlier) == sorted(known.earlier)
        assert all(year < known.id for year in known.earlier)
