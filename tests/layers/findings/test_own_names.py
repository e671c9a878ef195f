"""Names that boroughs give their pockets: a file of them holds as a whole, or is not used."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from geo.errors import InputError
from layers.borough.assemble import assemble
from layers.findings.own_names import LONGEST, OwnNames, read_own_names

P1, P2, P3 = "E06900001-E01900001", "E06900001-E01900002", "E08900001-E01900003"
MADE = pd.Series({P1: "Anfield", P2: "Part of Everton East", P3: "Anfield"}, name="name")


def own(*names: tuple[str, str]) -> OwnNames:
    return OwnNames(names=names, contents=b"", where="names.toml")


def read(folder, text: str | bytes) -> OwnNames:
    path = folder / "names.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_own_names(path)


def test_names_are_read_by_the_id_of_the_pocket(tmp_path):
    found = read(tmp_path, f'"{P2}" = "  The Brow & Wood Lane "\n{P1} = "St Ann’s"\n')
    assert found.names == ((P1, "St Ann’s"), (P2, "The Brow & Wood Lane"))
    assert found.where == str(tmp_path / "names.toml")
    assert read(tmp_path, b"\xef\xbb\xbf# none yet\n").names == ()


def test_the_hash_is_of_the_contents(tmp_path):
    found = read(tmp_path, b"")
    assert found.settings() == {
        "own_names": 0,
        "own_names_sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    }
    assert read(tmp_path, b"# x\n").sha256 != found.sha256


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (f'"{P1}" = 5', f"{P1}: 5 is no text"),
        (f'"{P1}" = ["Anfield"]', f"{P1}: ['Anfield'] is no text"),
        (f'"{P1}" = " "', f"{P1}: the name is empty"),
        (f'"{P1}" = "{"x" * (LONGEST + 1)}"', f"has {LONGEST + 1} letters"),
        (f'"{P1}" = "An\\tfield"', r"'An\tfield' has control characters"),
        (f'"{P1}" = "An\\u202Efield"', r"'An\u202efield' has control characters"),
        (f'"{P1}" = "An\\u2028field"', r"'An\u2028field' has control characters"),
        (f'"{P1}" = "<b>Anfield</b>"', "“<b>Anfield</b>” has markup"),
        (f'"{P1}" = "A &amp; B"', "“A &amp; B” has markup"),
        (f'"{P1}" = "A', "it is not valid TOML"),
        (f'"{P1}" = "A"\n"{P1}" = "B"', "it is not valid TOML"),
        (b'"x" = "\xff"', "it is not text in UTF-8"),
    ],
)
def test_what_a_name_cannot_be(tmp_path, line, problem):
    with pytest.raises(InputError) as caught:
        read(tmp_path, line)
    assert problem in caught.value.found
    assert caught.value.where == str(tmp_path / "names.toml")


def test_the_longest_name_and_ampersands_are_names(tmp_path):
    longest = "Q&A " + "x" * (LONGEST - 4)
    assert read(tmp_path, f'"{P1}" = "{longest}"').names == ((P1, longest),)


def test_all_problems_are_told_at_once(tmp_path):
    with pytest.raises(InputError, match="for 3 reasons") as caught:
        read(tmp_path, f'"{P1}" = ""\n"{P2}" = 1\n"{P3}" = "<i>"\n')
    assert [key for key in (P1, P2, P3) if key in caught.value.found] == [P1, P2, P3]


def test_a_file_that_is_not_there_is_told_of(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        read_own_names(tmp_path / "names.toml")
    with pytest.raises(InputError, match="directory"):
        read_own_names(tmp_path)


def test_names_of_a_borough_stand_over_those_made():
    found = own((P2, "The Brow")).over(MADE)
    assert found.to_dict() == {P1: "Anfield", P2: "The Brow", P3: "Anfield"}
    assert MADE[P2] == "Part of Everton East"


def test_two_boroughs_may_have_one_name_and_a_borough_may_swap_two():
    swapped = own((P1, "Part of Everton East"), (P2, "Anfield")).over(MADE)
    assert swapped.to_dict() == {P1: "Part of Everton East", P2: "Anfield", P3: "Anfield"}


def test_a_name_that_another_pocket_of_the_borough_has_is_refused():
    with pytest.raises(InputError) as caught:
        own((P1, "part of Everton  East")).over(MADE)
    assert caught.value.found == f"{P1} and {P2} would both be “part of Everton  East”"
    with pytest.raises(InputError, match="would both be"):
        own((P1, "The Brow"), (P2, "The brow")).over(MADE)


def test_the_nearest_pocket_of_the_borough_is_named_for_one_that_is_not_there():
    with pytest.raises(InputError, match="for 3 reasons") as caught:
        own(("E06900001-E01900021", "A"), ("E07000001-E01000001", "B"), ("x", "C")).over(MADE)
    found = caught.value.found
    assert f"no pocket E06900001-E01900021; did you mean {P2}?" in found.replace(P1, P2)
    assert "no pocket E07000001-E01000001, and its borough has none" in found
    assert "no pocket x, and its borough has none" in found
    assert P3 not in found


def test_a_country_with_names_of_its_own_has_them_in_its_boroughs(country, boroughs):
    pockets = boroughs["Westholt"].pockets
    key, others = pockets.index[-1], pockets["name"].iloc[:-1]
    named = replace(country, own_names=own((key, "The Brow")))
    borough = assemble(named, "E06900001", place="the sample")
    assert borough.pockets.loc[key, "name"] == "The Brow"
    assert borough.pockets["name"].iloc[:-1].equals(others)
    assert borough.settings["own_names"] == 1
    assert "own_names" not in boroughs["Westholt"].settings


def test_a_name_for_no_pocket_ends_the_work_on_every_borough(country):
    named = replace(country, own_names=own(("E06900001-E01900001", "The Brow")))
    with pytest.raises(InputError, match="did you mean E06900001-E01900"):
        assemble(named, "E08900001", place="the sample")
