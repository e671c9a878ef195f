"""Numbers in words: one table of cases, and no other place that writes a number."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from layers.layer import edition
from maps.look import numbers

CASES = tomllib.loads(Path(__file__).with_name("numbers.toml").read_text(encoding="utf-8"))
MAPS = Path(numbers.__file__).parent.parent
FORM = re.compile(r"[-+,]?0?\d*,?(\.\d+)?[eEfFgG%]|,")
"""The formats of numbers that readers see: decimals, per cent, thousands apart."""
DRAWN = ("svg", "look/numbers.py", "files/qgis_style.py")
"""Modules that write coordinates or code, beside the one that writes numbers."""


def said(name: str, given: list) -> str:
    """Call a function as its case gives it: a layer stands there by its id, its edition by 2019."""
    if name in {"amount", "people_counted"}:
        *given, layer_id = given
        given = [*given, edition("2019").layer(layer_id)]
    if name == "people_counted":
        given = [*given, 2015]
    return getattr(numbers, name)(*given)


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [(name, given, expected) for name, cases in CASES.items() for given, expected in cases],
)
def test_numbers_are_written_as_the_table_says(name, given, expected):
    assert said(name, given) == expected


@pytest.mark.parametrize(
    ("tenths", "words"),
    [(1, "tenth"), (2, "fifth"), (3, "three tenths"), (4, "two fifths"), (5, "half"), (6, "60%")],
)
def test_a_share_in_tenths_has_a_name_up_to_half(tenths, words):
    assert numbers.tenths_in_words(tenths) == words


@pytest.mark.parametrize(
    ("layer_id", "number", "words"),
    [
        ("imd_2019", 1.0, "most deprived fifth"),
        ("imd_2019_crime", 3.0, "middle fifth"),
        ("imd_2019_income", 5.0, "least deprived fifth"),
        ("fuel_poverty_2020", 1.0, "highest fifth"),
        ("no2_2021_23", 2.0, "2nd fifth"),
        ("covid_2020_21", 5.0, "lowest fifth"),
        ("imd_2019", float("nan"), "no value"),
    ],
)
def test_a_fifth_is_named_by_the_ends_of_its_layer(layer_id, number, words):
    assert numbers.fifth(number, edition("2019").layer(layer_id)) == words


@pytest.mark.parametrize(
    ("value", "limits", "words"),
    [
        (1.234, (0.5, 2.1), "1.23 (95% limits 0.50 to 2.10)"),
        (-0.004, (-0.144, 0.06), "0.00 (95% limits −0.14 to 0.06)"),
        (1.234, (float("nan"), 2.1), "1.23"),
        (1.234, (0.5, float("nan")), "1.23"),
    ],
)
def test_limits_are_said_where_both_are_known(value, limits, words):
    assert numbers.value_with_limits(value, limits, 2) == words


def forms(tree: ast.AST) -> list[tuple[int, str]]:
    """Find where a module formats a number: in an f-string, or by a format."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
            spec = "".join(str(getattr(part, "value", "")) for part in node.format_spec.values)
            if FORM.fullmatch(spec):
                found.append((node.lineno, spec))
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "format"
            and isinstance(node.func.value, ast.Constant)
            and re.search(r"\{\w*:", str(node.func.value.value))
        ):
            found.append((node.lineno, str(node.func.value.value)))
    return found


def test_no_other_module_of_the_pages_writes_a_number():
    found = {
        str(path.relative_to(MAPS)): told
        for path in sorted(MAPS.rglob("*.py"))
        if not str(path.relative_to(MAPS)).startswith(DRAWN)
        and (told := forms(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert found == {}


def test_no_template_and_no_other_script_writes_a_number():
    html = {path.name for path in MAPS.rglob("*.html") if "format" in path.read_text("utf-8")}
    own = re.compile(r"toLocaleString|NumberFormat|toFixed|Math\.round|mid-\$")
    scripts = {
        path.name
        for path in MAPS.rglob("*.js")
        for line in path.read_text("utf-8").splitlines()
        if own.search(line) and "getZoom" not in line
    }
    assert html == set()
    assert scripts == {"words.js"}


@pytest.mark.parametrize(
    "line",
    ['f"{people:,}"', 'f"{share:.1f}%"', 'f"{share:.0%}"', 'f"{line:g}"', '"{:.1f}".format(1.0)'],
)
def test_a_number_that_is_written_elsewhere_is_seen(line):
    assert forms(ast.parse(line))
    assert not forms(ast.parse('f"{name:>8} {number}"'))
