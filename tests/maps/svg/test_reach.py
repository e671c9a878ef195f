"""The curve of whom a cut-off would reach: what it draws, says and puts in its table."""

from __future__ import annotations

import dataclasses
import re
from xml.etree import ElementTree

import pytest

from layers.findings.reach import reach_of, reach_of_all
from maps.svg import reach

SVG = "{http://www.w3.org/2000/svg}"


def drawn(figure, kind):
    root = ElementTree.fromstring(f'<svg xmlns="{SVG[1:-1]}">{figure.chart}</svg>')
    return [each for each in root.iter() if each.get("class") == kind]


def test_the_curve_goes_through_every_cut_off(invented_borough):
    figure = reach.reach_figure(invented_borough)
    (run,) = drawn(figure, "run")
    points = re.findall(r"[ML]([\d.]+) ([\d.]+)", run.get("d"))
    curve = reach_of(invented_borough.edition, invented_borough.lsoa, 1000)
    assert len(points) == 1 + len(curve)
    assert points[0] == (f"{reach.LEFT}", f"{reach.FOOT}")
    assert points[-1] == (f"{reach.RIGHT}", f"{reach.CEILING}")


def test_title_and_description_say_what_it_shows(invented_borough):
    figure = reach.reach_figure(invented_borough)
    assert "Whom a cut-off would reach in Northmere: people counted as income-deprived" in (
        figure.chart
    )
    assert figure.sentence in figure.chart
    assert "All pockets: " in figure.chart
    assert "people of mid-2015" in figure.key


def test_the_table_ends_with_all_and_with_the_pockets(invented_borough):
    figure = reach.reach_figure(invented_borough)
    assert [name for name, _ in figure.rows][-2:] == ["All of the sample", "All pockets"]
    everyone = dict(figure.rows)["All of the sample"]
    assert everyone[1::2] == ["100.0%"] * 3
    own = invented_borough.lsoa
    pockets = dict(figure.rows)["All pockets"]
    inside = own["pocket_id"] != ""
    assert pockets[0] == str(int(inside.sum()))
    counted = own["imd_2019_income_people"]
    assert pockets[5] == f"{100 * counted[inside].sum() / counted.sum():.1f}%"


def test_only_cut_offs_that_hold_an_area_are_marked(invented_borough):
    figure = reach.reach_figure(invented_borough)
    held = [int(row[1][0]) for row in figure.rows[:2]]
    assert len(drawn(figure, "mark")) == sum(count > 0 for count in held)
    far = invented_borough.lsoa.assign(imd_2019_rank=lambda areas: areas["imd_2019_rank"] + 200)
    none = reach.reach_figure(dataclasses.replace(invented_borough, lsoa=far))
    assert drawn(none, "mark") == []
    assert none.key.startswith("All pockets (square). Dashed: ")
    assert (
        "None of the small areas of Northmere is in the two most deprived tenths" in none.sentence
    )


def test_the_key_names_the_marks_that_are_drawn(invented_borough):
    ranks = invented_borough.lsoa["imd_2019_rank"]
    for lowest, first in [
        (50, "The sample’s most deprived tenth of"),
        (150, "The sample’s two most"),
    ]:
        own = invented_borough.lsoa.assign(imd_2019_rank=ranks - ranks.min() + lowest)
        figure = reach.reach_figure(dataclasses.replace(invented_borough, lsoa=own))
        assert figure.key.startswith(first)
        assert len(drawn(figure, "mark")) == figure.key.count("(1)") + figure.key.count("(2)")


def test_a_borough_without_pockets_has_no_square(invent):
    figure = reach.reach_figure(invent(pockets=False))
    assert drawn(figure, "square") == []
    assert "pockets" not in figure.key
    assert len(drawn(reach.reach_figure(invent()), "square")) == 1


def test_there_is_no_curve_where_nobody_is_counted(invented_borough):
    own = invented_borough.lsoa.assign(imd_2019_income_people=0.0)
    assert reach.reach_figure(dataclasses.replace(invented_borough, lsoa=own)) is None


def test_england_stands_beside_in_curve_table_and_words(invented_borough):
    edition, lsoa = invented_borough.edition, invented_borough.lsoa
    ranked = lsoa.assign(imd_2019_rank=range(1, len(lsoa) + 1))
    whole = reach_of_all(edition, ranked, len(lsoa))
    own = dataclasses.replace(
        invented_borough, lsoa=ranked, reach=whole, counts={"imd_2019": len(lsoa)}
    )
    figure = reach.reach_figure(own)
    (dots,), (run,) = (drawn(figure, kind) for kind in ("dots", "run"))
    assert dots.get("d") == run.get("d")
    assert "Dotted: the sample. " in figure.key.replace(edition.whole, "the sample")
    assert figure.beside == edition.whole
    *cut_offs, pockets = (cells for _, cells in figure.rows)
    assert [cells[5] for cells in cut_offs] == [cells[6] for cells in cut_offs]
    outside = own.people["imd_2019_income_people_outside_pockets_pct"]
    assert pockets[6] == f"{100 - outside:.1f}%"
    assert " as a whole, " in figure.sentence
    assert reach.reach_figure(invented_borough).beside == ""


@pytest.mark.parametrize("name", ["a & b", "<b>"])
def test_names_are_escaped(invented_borough, name):
    assert name not in reach.reach_figure(dataclasses.replace(invented_borough, name=name)).chart
