"""One reader's manners: a table is read, or refused in the same words, as csv and as a workbook."""

from __future__ import annotations

import csv
import re

import pytest
import xlsxwriter

from geo.errors import InputError, SourceError
from geo.sources import TableSpec
from geo.tables.read import read_table
from tests.geo.tables.test_read import source

SPEC = TableSpec(
    sheet="Table",
    key="code",
    rows=2,
    text={"name": "the name"},
    numbers={"people": "Number of people"},
)
HEAD = ["code", "the name", "Number of people"]
FIRST, SECOND = ["E01990001", "Heron Bank", 10], ["E01990002", "Mill Row", 20]


def as_csv(path, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


def as_workbook(path, rows):
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("Table")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return path


WRITERS = {"csv": as_csv, "xlsx": as_workbook}


@pytest.fixture(params=WRITERS)
def read(request, tmp_path):
    def read(rows, spec=SPEC):
        path = WRITERS[request.param](tmp_path / f"a.{request.param}", rows)
        return read_table(path, source(kind=request.param, table=spec), "lsoa")

    return read


NOTE = "Source: a survey, in which nobody was asked"


@pytest.mark.parametrize(
    "rows",
    [
        [HEAD, FIRST, SECOND],
        [["code", "the\nname", " Number of\r\npeople\n"], FIRST, SECOND],
        [[*HEAD, "", ""], [*FIRST, "", ""], [*SECOND, "", ""]],
        [HEAD, [*FIRST, "", " "], SECOND],
        [HEAD, FIRST, SECOND, [NOTE]],
        [HEAD, FIRST, SECOND, [NOTE, "", ""], ["2. Rounded\nto ten"]],
        [HEAD, FIRST, SECOND, [], [NOTE], ["Notes", "of", "many", "cells"]],
        [HEAD, FIRST, SECOND, ["", "", ""], ["", "", ""]],
        [HEAD, FIRST, SECOND, [], [], ["", "", "", "", "x"]],
        [HEAD, [" E01990001\n", " Heron Bank", "10 "], ["E01990002", "Mill Row ", " 20"]],
        [HEAD, FIRST, SECOND, ["W01990001", "Heol y Felin", 30]],
    ],
    ids=[
        "as it should be", "headings over two lines", "empty columns at the end",
        "blank cells at the end", "a note below", "notes in one cell below", "notes after a row",
        "rows of commas at the end", "blank rows at the end", "white space", "another nation",
    ],
)  # fmt: skip
def test_what_is_around_a_table_is_of_no_account(read, rows):
    table = read(rows)
    assert table.index.tolist() == ["E01990001", "E01990002"]
    assert table["name"].tolist() == ["Heron Bank", "Mill Row"]
    assert table["people"].tolist() == [10, 20]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([HEAD, ["E01990001", "", 10], SECOND], "“the name” is blank in 1 row (E01990001)"),
        ([HEAD, ["E01990001", " \n", 10], SECOND], "“the name” is blank in 1 row (E01990001)"),
        ([HEAD, FIRST, ["E01990002"]], "“the name” is blank in 1 row (E01990002)"),
        ([HEAD, FIRST, ["E01990002", "Mill Row"]], "cell without a number (“” in row 3)"),
        ([HEAD, FIRST, [], SECOND], "1 row without a code (row 3)"),
        ([HEAD, FIRST, ["", "", ""], SECOND], "1 row without a code (row 3)"),
        ([HEAD, FIRST, SECOND, ["E0199"]], "1 key (“E0199” in row 4) that are no area code"),
        ([HEAD, FIRST, SECOND, ["E"]], "1 key (“E” in row 4) that are no area code"),
        ([HEAD, FIRST, SECOND, ["All", "", 30]], "1 key (“All” in row 4) that are no area code"),
        ([HEAD, [NOTE], FIRST, SECOND], f"1 key (“{NOTE}” in row 2) that are no area code"),
        ([HEAD, [*FIRST, 7], SECOND], "cells to the right of all headings (row 2)"),
        ([HEAD, ["E01990001", "Heron", "Bank", 10], SECOND], "(row 2)"),
        ([HEAD, FIRST, SECOND, SECOND], "1 code more than once (E01990002)"),
        ([[*HEAD, "code"], [*FIRST, "x"], [*SECOND, "x"]], "“code” stands 2 times (A, D)"),
        ([["code", "the-name", HEAD[2]], FIRST, SECOND], "row 1 has no column “the name”"),
        ([HEAD, ["E01990001", "a", "1,000"], SECOND], "(“1,000” in row 2)"),
        ([HEAD, ["E01990001", "a", "n/a"], SECOND], "(“n/a” in row 2)"),
        ([HEAD, ["E01990001", "a", "inf"], SECOND], "(“inf” in row 2)"),
        ([HEAD, [1990001, "a", 10], [1990002, "b", 20]], "holds no area code: 1990001"),
        ([HEAD, ["a", "x", 1]], "holds no area code: a"),
    ],
)
def test_what_is_wrong_in_a_table_is_refused_in_the_same_words(read, rows, said):
    with pytest.raises(InputError) as caught:
        read(rows)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_fault_of_a_table_is_told_at_once(read):
    rows = [HEAD, ["E01990001", "", "many"], [], [*SECOND, "", 3], ["E0199"]]
    with pytest.raises(InputError) as caught:
        read(rows)
    for part in ("is blank", "“many” in row 2", "without a code (row 3)", "(row 4)", "“E0199”"):
        assert part in caught.value.found


# --- texts of cells, which only csv has

TEXT = 'code,the name,Number of people\nE01990001,"Heron\nBank",10\nE01990002,"Mill, Row",20\n'


def read_text(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    return read_table(path, source(kind="csv", table=SPEC), "lsoa")


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r", "\n\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_lines_may_end_as_they_like(tmp_path, ends, mark):
    lines = TEXT.replace("Heron\nBank", "Heron Bank").splitlines()
    text = mark + (lines[0] + "\n" + ends.join(lines[1:]) if ends == "\n\r\n" else ends.join(lines))
    if ends == "\n\r\n":
        with pytest.raises(InputError, match=re.escape("1 row without a code (row 3)")):
            read_text(tmp_path, text.encode())
        return
    table = read_text(tmp_path, text.encode())
    assert table["name"].tolist() == ["Heron Bank", "Mill, Row"]


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (TEXT.encode("utf-16"), SourceError, "text in UTF-16"),
        (TEXT.encode("utf-16-be"), SourceError, "binary content"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), SourceError, "text in UTF-16"),
        (TEXT.encode() + b"x" * 3000 + b"\0", SourceError, "a byte of nothing at character 3,0"),
        (TEXT.replace(",", ";").encode(), InputError, "cells divided by semicolons"),
        (TEXT.replace(",", "\t").encode(), InputError, "cells divided by tabs"),
        (TEXT.encode()[:-12], InputError, "unexpected end of data"),
        (TEXT.encode() + b'E01990003,"' + b"x" * 200_000, InputError, "field larger than"),
        (TEXT.replace('Row"', 'Row"s').encode(), InputError, "expected after"),
    ],
    ids=[
        "utf-16", "utf-16 without a mark", "utf-16, the other way", "a late zero", "semicolons",
        "tabs", "cut in quotes", "a quote without an end", "a quote inside",
    ],
)  # fmt: skip
def test_a_text_of_another_kind_is_refused_in_a_paragraph(tmp_path, content, kind, said):
    with pytest.raises(kind) as caught:
        read_text(tmp_path, content)
    assert said in caught.value.found
    assert "\n" not in str(caught.value)
