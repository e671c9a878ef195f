"""What a pocket is made of, in the panel: worst first, with its ends, read by all, no overflow."""

from __future__ import annotations

import numpy as np
import pytest

from layers.layer import edition

pytestmark = pytest.mark.browser

DOMAINS = [layer for layer in edition("sample").layers if layer.domain]


def opened(page, at):
    page.locator("#pockets li button").nth(at).click()
    return page.locator("#selection .made")


def test_the_panel_of_a_pocket_shows_seven_bars_the_worst_first(visit, invented_borough):
    page, lsoa = visit(), invented_borough.lsoa
    pockets = invented_borough.pockets.sort_values("number")
    for at, (pocket, row) in enumerate(pockets.iterrows()):
        section = opened(page, at)
        own = lsoa[lsoa["pocket_id"] == pocket]
        shares = {
            layer.short: (100 * (1000 - own[layer.rank] + 1) / 1000, own[layer.weight])
            for layer in DOMAINS
        }
        means = {
            name: np.average(share, weights=people) for name, (share, people) in shares.items()
        }
        lines = section.locator("tbody tr").all()
        told = [line.locator("th").inner_text() for line in lines]
        assert told == sorted(means, key=lambda name: -means[name])
        for name, line in zip(told, lines, strict=True):
            ends = [round(end) for end in (shares[name][0].min(), shares[name][0].max())]
            assert [cell.inner_text() for cell in line.locator("td.number").all()] == [
                f"{means[name]:.0f}",
                f"{ends[0]} to {ends[1]}" if ends[0] < ends[1] else str(ends[0]),
            ]
            widths = [float(each.get_attribute("width")) for each in line.locator("rect").all()]
            assert widths[:2] == [100, pytest.approx(means[name], abs=0.051)]
        others = f"Against the {row['compared_lsoas']} other deprived small areas of Northmere"
        few = "What it is made of is not set against other deprived small areas of Northmere"
        said = section.locator("p").first.inner_text()
        assert said.startswith(others if row["compared_lsoas"] >= 5 else few)


@pytest.mark.parametrize("size", ["desktop", "narrow"])
def test_it_fits_its_column(visit, size):
    page = visit(size=size)
    section = opened(page, 0)
    assert section.locator("tbody tr").count() == len(DOMAINS)
    wide = page.evaluate(
        "() => { const made = document.querySelector('#selection .made');"
        " return [made.scrollWidth - made.clientWidth,"
        " document.documentElement.scrollWidth - window.innerWidth]; }"
    )
    assert max(wide) <= 0


def test_beside_a_mean_stand_the_ends_of_its_small_areas(visit, invented_borough):
    page = visit()
    opened(page, 0)
    row = invented_borough.pockets.sort_values("number").iloc[0]
    overall = page.locator("#selection .fact[data-layer=imd_2019]").inner_text()
    ends = f"{row['imd_2019_lowest']:.1f} to {row['imd_2019_highest']:.1f}"
    assert f"Its small areas: {ends}" in overall
    fuel = page.locator("#selection .fact[data-layer=fuel_poverty_2020]").inner_text()
    assert "fifth" in fuel.split("Its small areas: ")[1].splitlines()[0]


@pytest.mark.parametrize("size", ["desktop", "narrow"])
def test_the_matrix_unfolds_within_the_page(visit, invented_borough, size):
    page = visit(size=size)
    page.click("#matrix summary")
    assert page.locator("#matrix tbody tr").count() == len(invented_borough.pockets) + 2
    shaded = page.locator("#matrix tbody td[class^=tone]")
    assert shaded.count() == 11 * len(invented_borough.pockets)
    # what a shade means is in the cell's words too
    assert all("(" in cell for cell in shaded.all_text_contents())
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
