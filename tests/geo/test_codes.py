"""Codes have one shape and names have many spellings."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.codes import is_code, join_names, nearest_names, normal_name, require_unique, slug
from geo.errors import CodeError


@pytest.mark.parametrize("code", ["E01006512", "W02000001", "S12000005", "N09000003"])
def test_a_code_is_a_letter_and_eight_digits(code):
    assert is_code(code)


@pytest.mark.parametrize(
    "text", ["e01006512", "E0100651", "E010065120", "X01006512", " E01006512", "E01006512\n", ""]
)
def test_anything_else_is_no_code(text):
    assert not is_code(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St. Helens", "st helens"),
        ("King's Lynn and West Norfolk", "Kings Lynn & West Norfolk"),
        ("Stoke-on-Trent", "stoke on  trent"),
        ("Herefordshire, County of", "Herefordshire County of"),
        ("Ynys Môn", "Ynys Mon"),
        ("St.Helens", "Saint Helens"),
        ("St-Helens", "ST. HELENS"),
        ("King’s Lynn", "King＇s Lynn"),
        ("O`Brien´s", "OBriens"),
        ("Brighton＆Hove", "brighton and hove"),
        ("Ｌｕｔｏｎ", "luton"),
        ("Isle\u00a0of Wight", "isle of wight"),
    ],
)
def test_two_spellings_of_a_name_are_equal(one, other):
    assert normal_name(one) == normal_name(other)


def test_different_names_stay_different():
    assert normal_name("Cheshire East") != normal_name("Cheshire West and Chester")
    assert normal_name("All Saints") == "all saints"
    assert normal_name("Saint") == "saint"


@given(st.text())
def test_a_normal_name_is_its_own_normal_name(name):
    assert normal_name(normal_name(name)) == normal_name(name)


@given(st.text())
def test_a_slug_is_safe_as_a_folder(name):
    assert set(slug(name)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@pytest.mark.parametrize(
    ("names", "joined"),
    [
        ([], ""),
        (["Halton"], "Halton"),
        (["Dingle", "Toxteth"], "Dingle and Toxteth"),
        (["A", "B", "C"], "A, B and C"),
        (
            ["Kirkdale North", "Kirkdale South & Vauxhall"],
            "Kirkdale North, Kirkdale South and Vauxhall",
        ),
        (["Kirkdale South & Vauxhall"], "Kirkdale South and Vauxhall"),
        (["Quay & Priory", "Priory & Mill"], "Quay, Priory and Mill"),
        (["Cheshire West and Chester", "Halton"], "Cheshire West and Chester, Halton"),
    ],
)
def test_names_are_joined_so_that_they_read(names, joined):
    assert join_names(names) == joined
    assert join_names(iter(names)) == joined


def test_the_nearest_names_come_first():
    known = ["Leeds", "Liverpool", "Hartlepool", "St Helens"]
    assert nearest_names("Liverpol", known) == ["Liverpool"]
    assert nearest_names("pool", known) == ["Liverpool", "Hartlepool"]
    assert nearest_names("helens", known)[0] == "St Helens"
    assert nearest_names("qqqq", known) == []
    assert nearest_names("", known) == []


def test_repeated_codes_are_counted_and_listed():
    codes = pd.Index(["E01000003", "E01000001", "E01000003", "E01000003"])
    with pytest.raises(CodeError) as caught:
        require_unique(codes, where="a file")
    assert "1 area codes occur more than once" in str(caught.value)
    assert "Found: E01000003." in str(caught.value)
    require_unique(codes.unique(), where="a file")
