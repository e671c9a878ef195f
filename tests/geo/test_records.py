"""Records of sources: inheritance, and refusals that name every problem at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.errors import InputError, SourceError
from geo.records import read_catalogue

RECORD = """
[{id}]
title = "People of Northmere"
publisher = "Office of Invented Statistics"
page = "https://example.org/people"
address = {{ kind = "file", url = "https://example.org/people.csv", grade = "B" }}
edition = "2019"
period = "2019"
geography = "LSOA"
vintage = 2011
coverage = ["E019"]
unit = "people"
direction = "high is worse"
licence = "Open Government Licence v3.0"
attribution = "Source: nobody."
path = "people.csv"
sha256 = "ab"
format = "csv"

[{id}.tables.main]
key = "code"
rows = 3
numbers = {{ people = "People", cats = "Cats" }}
counts = ["people"]
totals = {{ people = 6 }}
"""


def catalogue(folder: Path, *texts: str):
    paths = []
    for number, text in enumerate(texts):
        path = folder / f"records{number}.toml"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return read_catalogue(*paths)


def test_a_record_becomes_a_source_with_typed_parts(tmp_path):
    source = catalogue(tmp_path, RECORD.format(id="people"))["people"]
    assert source.id == "people"
    assert source.coverage == ("E019",)
    assert source.tables["main"].numbers == {"people": "People", "cats": "Cats"}
    assert source.tables["main"].counts == ("people",)
    assert source.tables["main"].header == 1
    assert source.vector is None


def test_like_lays_a_record_over_another_of_an_earlier_file_key_by_key(tmp_path):
    later = """
[later]
like = "people"
edition = "2020"
tables.main.numbers = { cats = "Cats and kittens" }
tables.main.totals = {}
"""
    later = catalogue(tmp_path, RECORD.format(id="people"), later)["later"]
    assert (later.edition, later.period) == ("2020", "2019")
    assert later.tables["main"].numbers == {"people": "People", "cats": "Cats and kittens"}
    assert later.tables["main"].totals == {}
    assert later.tables["main"].rows == 3


def test_the_hash_of_another_file_is_not_inherited(tmp_path):
    both = catalogue(tmp_path, RECORD.format(id="people"), '[copy]\nlike = "people"\n')
    assert both["people"].sha256 == "ab"
    assert both["copy"].sha256 is None


def test_without_leaves_out_what_would_be_inherited(tmp_path):
    later = '[later]\nlike = "people"\nwithout = ["tables.main.totals", "vintage"]\n'
    later = catalogue(tmp_path, RECORD.format(id="people"), later)["later"]
    assert later.vintage is None
    assert later.tables["main"].totals == {}
    assert later.tables["main"].counts == ("people",)


COMMON = """
[common.ours]
publisher = "Ours"
edition = "2021"

[later]
like = ["people", "ours"]
period = "2021"
"""


def test_what_a_file_may_lack_and_what_is_left_over_are_numbers_of_the_table(tmp_path):
    more = """
[people.tables.main.optional]
pets = ["cats", "dogs"]
[people.tables.main.rests]
mice = ["people", "cats"]
[people.tables.main.also]
bats = "Bats"
"""
    with pytest.raises(InputError) as caught:
        catalogue(tmp_path, RECORD.format(id="people") + more)
    for said in ("dogs is no number column", "mice is no number", "also.bats is no column"):
        assert f"people.tables.main: {said}" in caught.value.found


def test_what_many_records_share_stands_once_and_is_no_source(tmp_path):
    found = catalogue(tmp_path, RECORD.format(id="people"), COMMON)
    later = found["later"]
    assert (later.publisher, later.edition, later.period) == ("Ours", "2021", "2021")
    assert later.title == found["people"].title
    assert list(found) == ["people", "later"]
    assert found["people"].publisher != "Ours"


def test_a_table_may_be_like_another_of_its_file(tmp_path):
    more = '[people.tables.cats]\nlike = "main"\nsheet = "Cats"\ntotals = {}\n'
    tables = catalogue(tmp_path, RECORD.format(id="people") + more)["people"].tables
    assert tables["cats"].numbers == tables["main"].numbers
    assert (tables["cats"].sheet, tables["cats"].totals) == ("Cats", {})
    with pytest.raises(
        InputError, match=r"people\.tables\.cats: like = “mian” is no table of this"
    ):
        catalogue(tmp_path, RECORD.format(id="people") + more.replace("main", "mian"))


def test_every_problem_of_every_record_is_reported_at_once(tmp_path):
    broken = (
        RECORD.format(id="people")
        .replace('unit = "people"', 'units = "people"')
        .replace("vintage = 2011", 'vintage = "2011"')
        .replace('kind = "file"', 'kind = "ftp"')
        .replace("rows = 3", "rows = true")
        .replace('counts = ["people"]', 'counts = ["dogs"]')
    )
    with pytest.raises(InputError) as caught:
        catalogue(tmp_path, broken, '[other]\nlike = "peple"\n')
    said = str(caught.value)
    assert "unknown key “units” (near: unit" in said
    assert "people: without unit" in said
    assert "people.vintage is '2011', expected int" in said
    assert "people.address.kind is 'ftp', expected one of file" in said
    assert "people.tables.main.rows is True, expected int" in said
    assert "other: like = “peple” leads nowhere (known and near: people" in said


def test_contradictions_within_a_record_are_refused(tmp_path):
    broken = (
        RECORD.format(id="people")
        .replace('format = "csv"', 'format = "grid"')
        .replace("totals = { people = 6 }", "ranges = { people = [1] }\nat = { dogs = 'A1' }")
        .replace('counts = ["people"]', 'counts = ["dogs"]\nheader = 0')
        .replace("totals = {{ people = 6 }}", "")
    )
    with pytest.raises(InputError) as caught:
        catalogue(tmp_path, broken)
    said = str(caught.value)
    assert "people: format “grid” and a grid table go together" in said
    assert "people: without crs" in said
    assert "people.tables.main: dogs is no number column" in said
    assert "people.tables.main: headings go together with header = 0" in said
    assert "people.tables.main: at.dogs is no column" in said
    assert "people.tables.main: ranges.people needs two numbers" in said


def test_a_record_may_say_where_its_file_states_its_day(tmp_path):
    dated = """
[people.dated]
member = "metadata.txt"
words = "DATE:"
texts = { period = "{month}" }
"""
    found = catalogue(tmp_path, RECORD.format(id="people") + dated)["people"]
    assert (found.dated.member, found.dated.texts) == ("metadata.txt", {"period": "{month}"})
    wrong = RECORD.format(id="people") + dated.replace("period", "perod")
    with pytest.raises(InputError, match=r"people\.dated\.texts: perod is no text of the record"):
        catalogue(tmp_path, wrong)


LAYOUT = """
[people.layouts.large]
path = "PEOPLE.csv"

[people.layouts.large.tables.main]
key = "CODE"
numbers = { people = "PEOPLE" }
"""


def test_a_layout_is_laid_over_its_record_and_others_may_be_like_it(tmp_path):
    sample = '[sample]\nlike = "people.layouts.large"\ntables.main.rows = 2\n'
    found = catalogue(tmp_path, RECORD.format(id="people") + LAYOUT, sample)
    (large,) = found["people"].layouts
    assert [form.layout for form in found["people"].accepted] == ["", "large"]
    assert (large.id, large.path, large.sha256) == ("people", "PEOPLE.csv", None)
    assert large.tables["main"].numbers == {"people": "PEOPLE", "cats": "Cats"}
    assert found["people"].tables["main"].key == "code"
    assert found["sample"].layouts == ()
    assert found["sample"].layout == ""
    assert (found["sample"].id, found["sample"].path) == ("sample", "PEOPLE.csv")
    assert found["sample"].tables["main"].key == "CODE"
    assert found["sample"].tables["main"].rows == 2


def test_what_is_wrong_with_a_layout_is_told_once_with_its_name(tmp_path):
    broken = LAYOUT.replace('key = "CODE"', 'at = { cats = "B2" }\ncounts = ["dogs"]')
    broken = broken.replace('"PEOPLE" }', '["MEN", "WOMEN"], cats = ["CATS", "KITTENS"] }')
    broken += "only = { kind = [] }\n"
    with pytest.raises(InputError) as caught:
        catalogue(tmp_path, RECORD.format(id="people") + broken)
    said = str(caught.value)
    assert "have 3 problems" in said
    assert "people.layouts.large.tables.main: dogs is no number column" in said
    assert "people.layouts.large.tables.main: at.cats is the cell of one heading, not of a" in said
    assert "people.layouts.large.tables.main: only.kind lists nothing" in said
    with pytest.raises(InputError) as caught:
        catalogue(tmp_path, RECORD.format(id="people") + LAYOUT.replace("path", "paht"))
    assert "people.layouts.large: unknown key “paht” (near: path" in str(caught.value)


@pytest.mark.parametrize(
    "own",
    ['sha256 = "cd"', "confirmed = true", "size_mb = 2", 'superseded_by = "a"', "layouts = {}"],
)
def test_what_belongs_to_a_record_stands_in_no_layout(tmp_path, own):
    layout = LAYOUT.replace("path =", f"{own}\npath =", 1)
    with pytest.raises(InputError) as caught:
        catalogue(tmp_path, RECORD.format(id="people") + layout)
    name = own.partition(" ")[0]
    assert f"people.layouts.large: {name} belongs to the record" in str(caught.value)


def test_a_file_of_records_that_is_not_there_is_told(tmp_path):
    with pytest.raises(SourceError, match=r"A file of records cannot be read.*absent\.toml"):
        read_catalogue(tmp_path / "absent.toml")


def test_a_circle_of_likenesses_is_refused(tmp_path):
    circle = '[a]\nlike = "b"\n[b]\nlike = "a"\n'
    with pytest.raises(InputError, match="leads nowhere"):
        catalogue(tmp_path, circle)


def test_an_id_may_be_used_once(tmp_path):
    record = RECORD.format(id="people")
    with pytest.raises(InputError, match=r"described twice, the second time in records1\.toml"):
        catalogue(tmp_path, record, record)


def test_a_file_that_is_no_toml_is_named(tmp_path):
    with pytest.raises(InputError, match=r"not valid TOML. Where: .*records0\.toml"):
        catalogue(tmp_path, "[people\n")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ('kind = "file"', "kind “file” needs url"),
        ('kind = "page", url = "https://example.org"', "kind “page” has no url"),
        ('kind = "feature-layer", url = "https://example.org"', "only boundaries come from a"),
        ('kind = "zip-member", url = "https://example.org"', "a member of an archive needs member"),
        ('kind = "govuk"', "kind “govuk” needs slug and attachment"),
        ('kind = "page", slug = "a/b"', "slug and attachment go together"),
    ],
)
def test_an_address_that_cannot_lead_to_a_file_is_refused(tmp_path, address, said):
    given = 'address = { kind = "file", url = "https://example.org/people.csv", grade = "B" }'
    text = RECORD.format(id="people").replace(given, f"address = {{ {address} }}")
    with pytest.raises(InputError, match=said):
        catalogue(tmp_path, text)


def test_a_feature_table_has_the_columns_of_a_table(tmp_path):
    text, _, _ = RECORD.format(id="people").partition("[people.tables")
    table = text.replace('kind = "file"', 'kind = "feature-table"')
    with pytest.raises(InputError, match="the columns of a feature table are those of a table"):
        catalogue(tmp_path, table)
