"""The soak: goes on after what ends it, begins where it was, and reports what became of each."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from geo.errors import AreaError
from scripts.dev import soak as module
from scripts.dev.soak import Outcome, add, drawn, outcomes, soak, tried
from scripts.dev.soak_report import report

DISTRICTS = pd.Series({"E01": "Alderley", "E02": "Birch", "E03": "Cedar"})


@pytest.fixture
def table(tmp_path):
    return tmp_path / "soak" / "table.csv"


def built(code, **counts):
    defaults = {"lsoas": 140, "msoas": 20, "pockets": 3, "districts_near": 1}
    return Outcome(code=code, name=f"At {code}", outcome="built", **(defaults | counts))


def test_a_district_that_is_built_is_counted(country, invented_borough, monkeypatch):
    monkeypatch.setattr(module, "assemble", lambda *_, place: invented_borough)
    row = tried(country, "E06900001", "Northmere", lambda borough: None)
    assert row == Outcome(
        code="E06900001",
        name="Northmere",
        outcome="built",
        lsoas=25,
        msoas=5,
        pockets=2,
        districts_near=2,
        fits=True,
    )


def test_all_that_is_drawn_can_be_drawn_of_a_borough(invented_borough):
    drawn(invented_borough)


@pytest.mark.parametrize("problem", [ValueError("no\nroom"), AreaError("Lost"), KeyError("arcs")])
def test_any_error_is_an_outcome_in_one_line(country, problem, invented_borough, monkeypatch):
    def fails(_):
        raise problem

    monkeypatch.setattr(module, "assemble", lambda *_, place: invented_borough)
    row = tried(country, "E06900001", "Northmere", fails)
    assert row.outcome == f"{type(problem).__name__}: {' '.join(str(problem).split())}"
    assert row.lsoas == 0


def test_what_ends_a_process_is_told_and_the_rest_is_done(table):
    asked = []

    def start(now):
        asked.append(list(now))
        before = now[: now.index("E02")] if "E02" in now else now
        add(table, [built(code) for code in before])
        return -11 if "E02" in now else 0

    found = soak(DISTRICTS, table, start)
    assert asked == [["E01", "E02", "E03"], ["E03"]]
    assert found["outcome"].to_dict() == {
        "E01": "built",
        "E02": "its process ended with -11",
        "E03": "built",
    }


def test_a_soak_goes_on_where_it_was(table, monkeypatch):
    monkeypatch.setattr(module, "AT_A_TIME", 1)
    add(table, [built("E01", pockets=9)])
    asked = []

    def start(now):
        asked.append(list(now))
        add(table, [built(code) for code in now])
        return 0

    found = soak(DISTRICTS, table, start)
    assert asked == [["E02"], ["E03"]]
    assert found["pockets"].to_dict() == {"E01": 9, "E02": 3, "E03": 3}
    assert outcomes(table).equals(found)


def test_the_report_counts_and_names(table):
    odd = built("E06000053", lsoas=1, msoas=1, pockets=0, districts_near=0)
    torn = dataclasses.replace(built("E07000117", lsoas=60, pockets=7), fits=False)
    lost = Outcome(code="E07000118", name="Chorley", outcome="KeyError: 'arcs'")
    add(table, [built("E06000001"), odd, torn])
    well = report(outcomes(table), "Edition X")
    assert "| districts | 3 |\n| built | 3 |\n| failed | 0 |" in well
    assert "| neighbourhoods (LSOAs) | 201 |" in well
    assert "None failed." in well
    assert "- no pockets: 1 (At E06000053)" in well
    assert "- fewer than 5 areas (MSOAs): 1 (At E06000053)" in well
    assert "- no district near: 1 (At E06000053)" in well
    assert "- boundaries that do not meet corner by corner: 1 (At E07000117)" in well
    assert "- most pockets: At E07000117 (7)" in well
    add(table, [lost])
    ill = report(outcomes(table), "Edition X")
    assert "| districts | 4 |\n| built | 3 |\n| failed | 1 |" in ill
    assert "| Chorley (E07000118) | KeyError: 'arcs' |" in ill
    assert "None failed" not in ill
