"""What is said of a pocket that touches others across its borough's line."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from layers.findings.joined import Joined
from maps.words.across import across_the_line


@pytest.fixture
def own(invented_boroughs):
    return invented_boroughs["northmere"]


def read(parts):
    return "".join(text for text, _ in parts)


def with_third(borough, *, touched):
    """Join a third pocket, of a borough outside the build, that the first touches or not."""
    first, other = sorted(borough.joined.members.index)
    third = "E06900009-E01990000"
    key = borough.joined.pockets.index[0]
    told = [key, 7, "Rowan Hill", "E06900009", "Vale of White Horse", 2500]
    members = pd.concat(
        [
            borough.joined.members,
            pd.DataFrame([told], index=[third], columns=list(borough.joined.members)),
        ]
    )
    pockets = borough.joined.pockets.assign(pocket_count=3, population=10_000)
    pockets.at[key, "lad_codes"] = ["E06900001", "E06900002", "E06900009"]
    beside = {first: [other, third] if touched else [other]}
    own = borough.pockets.copy()
    own["neighbour_pockets"] = [beside.get(code, []) for code in own.index]
    return replace(borough, pockets=own, joined=Joined(pockets=pockets, members=members))


def test_a_pair_is_named_with_its_people_together(own, invented_boroughs):
    pockets = pd.concat([borough.pockets for borough in invented_boroughs.values()])
    pair = pockets[pockets["number"] == 1]
    people = f"{pair['population'].sum():,}"
    (name,) = pair.loc[pair["lad_name"] == "Westholt", "name"]
    said = across_the_line(own, pair.index[0])
    assert read(said) == (
        f"It touches pocket 1 of Westholt ({name}) across the borough’s line: together"
        f" {people} people (mid-2015) in 2 boroughs."
    )
    assert [address for _, address in said] == ["", "", ""]


def test_the_pocket_across_the_line_leads_to_where_it_is(own):
    other = max(own.joined.members.index)
    said = across_the_line(own, own.pockets.index[0], lambda code, key: f"{code}/{key}")
    assert [address for _, address in said if address] == [f"E06900002/{other}"]


def test_nothing_is_said_of_a_pocket_that_touches_none(own):
    assert across_the_line(own, own.pockets.index[1]) == []


def test_several_are_named_in_one_sentence(own):
    said = read(across_the_line(with_third(own, touched=True), own.pockets.index[0]))
    assert said.startswith(
        "It touches pocket 7 of the Vale of White Horse (Rowan Hill) and pocket 1 of Westholt ("
    )
    assert said.endswith(
        "across the borough’s line: together 10,000 people (mid-2015) in 3 boroughs."
    )


def test_those_that_are_touched_in_turn_are_counted(own):
    said = read(across_the_line(with_third(own, touched=False), own.pockets.index[0]))
    assert "Rowan Hill" not in said
    assert said.endswith(
        "across the borough’s line: with those that these touch in turn, 3 pockets with"
        " 10,000 people (mid-2015) in 3 boroughs."
    )
