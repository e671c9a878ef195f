"""The script's numbers in words, held to the table that Python's are held to."""

from __future__ import annotations

import math

import pytest

from layers.layer import edition
from maps.look.html import static_text
from maps.look.numbers import suffix_of
from maps.page.borough_data import WORDS, rounded
from tests.maps.look.test_numbers import CASES

pytestmark = pytest.mark.browser

CALL = """
([script, words, calls]) => {
    const data = { words, borough: { year: 2015 } };
    const call = new Function("data", "name", "given", script + "; return eval(name)(...given);");
    return calls.map(([name, given]) => call(data, name, given));
}
"""


def call(name: str, given: list) -> tuple[str, list]:
    """Say which function of the script to call, and with what: values as the page carries them."""
    if name not in {"amount", "people_counted"}:
        first, *rest = name.split("_")
        return first + "".join(part.capitalize() for part in rest), given
    layer = edition("2019").layer(given[-1])
    if name == "people_counted":
        people = round(given[0])
        return "peopleWords", [
            {"share_of": layer.share_of, "area": {"people": [people]}},
            "area",
            0,
        ]
    value = None if math.isnan(given[0]) else rounded([given[0] * layer.scale], layer.decimals)[0]
    return "amount", [value, {"decimals": layer.decimals, "suffix": suffix_of(layer)}]


def test_the_script_writes_numbers_as_the_table_says(chromium):
    wanted = [(name, given, said) for name, cases in CASES.items() for given, said in cases]
    page = chromium.new_page()
    calls = [call(name, given) for name, given, _ in wanted]
    found = page.evaluate(CALL, [static_text("words.js"), WORDS, calls])
    page.close()
    told = [(name, given, said) for (name, given, _), said in zip(wanted, found, strict=True)]
    assert [each for each, case in zip(told, wanted, strict=True) if each[2] != case[2]] == []
    assert len(told) > 60


def test_the_only_neighbourhood_of_a_borough_is_not_counted(visit):
    call = """
    ([script, words, within]) => {
        const borough = { called: "Northmere", name: "Northmere", whole: "the sample", fewest: 5 };
        const data = { words, borough, places: { area: { codes: ["E01900001"] } } };
        const layer = { middle: null, ranks: true, fifths: ["most deprived fifth"], classes: {} };
        const counts = [0, 1, 2, 3].map(at => Number(at === within));
        const classes = counts.map(count => ({ pattern: "plain", count }));
        const told = "; return layerCaption(layer, 'england', classes);";
        return new Function("data", "layer", "classes", script + told)(data, layer, classes);
    }
    """
    page, script = visit(), static_text("words.js") + static_text("views.js")
    said = [page.evaluate(call, [script, WORDS, within]) for within in (2, 3)]
    assert said == [
        "The only small area of Northmere is in the sample’s most deprived tenth.",
        "The only small area of Northmere is not in the sample’s most deprived tenth.",
    ]
