"""The page that sets the boroughs of a build side by side: charts, each with its table beneath.

One file that asks for nothing and runs no script. Boroughs stand in one order throughout, that of
their average score. What is said of all of them together comes from `layers.borough.region`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from layers.borough.region import (
    as_one,
    districts_table,
    fuel_poverty_by_year,
)
from maps.look.html import environment, policy, stylesheet
from maps.look.numbers import numeral
from maps.made_of.matrix import tones
from maps.region import across as region_across
from maps.region import gradients as region_gradients
from maps.region import lasting as region_lasting
from maps.region import msoas as region_msoas
from maps.region import sections as region_sections
from maps.region.domains import by_domain
from maps.region.parts import Region
from maps.words.credits import source_lines, used_sources
from maps.words.reading import cautions, superseded
from maps.words.rules import settings_in_words
from maps.words.sentences import capital, left_out

if TYPE_CHECKING:
    from layers.borough.borough import Borough

FEWEST, MOST = 2, 40
"""Boroughs that can be set side by side: charts of more have too many rows to be read."""
SECTIONS = (
    region_sections.deprivation,
    by_domain,
    region_sections.pockets,
    region_across.across_section,
    region_lasting.lasting_section,
    region_sections.overlap_section,
    region_sections.fuel,
    region_msoas.deaths,
    region_msoas.fitted_line,
    region_gradients.gradients,
)
"""What the page is made of, in order, as far as there is anything; another is one entry more."""
STYLES = ("base.css", "region.css")


def comparable(boroughs: Sequence[Borough]) -> bool:
    """Return if there is a page that sets these boroughs side by side."""
    return FEWEST <= len(boroughs) <= MOST


def region_page(
    boroughs: Sequence[Borough],
    folders: Mapping[str, str],
    *,
    linked: Collection[str] = ("index", "pages", "profiles", "about"),
    missing: Sequence[str] = (),
) -> str:
    """Return the HTML of the page that sets boroughs side by side.

    ``folders`` gives the folder of each borough by its code, relative to this page; ``linked``
    names the parts of the site that are there, since only to those does the page link; ``missing``
    the boroughs that could not be built. The same boroughs give the same bytes, whatever their
    order.
    """
    region = region_of(boroughs, folders, linked)
    made = [make(region) for make in SECTIONS]
    found = [section for section in made if section is not None]
    style = stylesheet(*STYLES) + tones()
    one = region.one
    return (
        environment()
        .get_template("region.html")
        .render(
            place=capital(one.place),
            edition=one.edition,
            superseded=superseded(one.edition),
            count=len(region.boroughs),
            people=numeral(one.lsoa["population"].sum()),
            lsoas=numeral(len(one.lsoa)),
            msoas=numeral(len(one.msoa)),
            said=[section.finding for section in found if section.finding],
            sections=found,
            cautions=cautions(one),
            settings=settings_in_words(one.settings),
            credits=source_lines(used_sources(one, years=True)),
            linked=linked,
            missing=left_out(missing),
            style=Markup(style),
            policy=policy(scripts=[], styles=[style]),
        )
    )


def region_of(
    boroughs: Sequence[Borough], folders: Mapping[str, str], linked: Collection[str]
) -> Region:
    """Put together what the sections of the page are drawn from."""
    ordered = sorted(boroughs, key=lambda borough: borough.code)
    first = ordered[0].edition
    score = first.layer(first.overall).column("average_score")
    ordered.sort(key=lambda borough: -float(borough.district[score]))
    return Region(
        boroughs=tuple(ordered),
        one=as_one(ordered),
        districts=districts_table(ordered),
        fuel=fuel_poverty_by_year(ordered),
        folders=folders,
        linked=linked,
    )
