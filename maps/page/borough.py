"""The planner's page of a borough: one HTML file that works with the network off.

`borough_page` puts together a folium map with Leaflet inlined, one geometry for all layers, the
data of `maps.page.borough_data`, and plain scripts that recolour, find, select and download. The
page asks for nothing from anywhere, and its Content-Security-Policy says so; only a basemap opens
it, to one host.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import geopandas as gpd
import shapely
from markupsafe import Markup

from geo.crs import BNG
from layers.findings.reach import counted_in_areas
from maps.look import palette
from maps.look.classify import overlap_classes
from maps.look.html import environment, image_hosts, json_for_script, policy, scripts, stylesheet
from maps.look.numbers import amount, or_dash, percentage
from maps.made_of.matrix import matrix_of, tones
from maps.page.borough_data import Links, page_data
from maps.page.leaflet import leaflet_script, leaflet_style, offline_map
from maps.page.orders import PocketOrder
from maps.page.topology import label_points
from maps.svg.over_years import years_figure
from maps.svg.reach import reach_figure
from maps.words.alone import alone
from maps.words.credits import all_sources, sources_by_publisher
from maps.words.of_change import CANNOT_TELL
from maps.words.people import outside_every_pocket
from maps.words.reading import (
    cautions,
    how_made,
    how_to_read,
    postcodes_of,
    superseded,
)
from maps.words.rules import nothing_met
from maps.words.sentences import capital, finding_parts
from maps.words.summaries import SUMMARIES, in_short

if TYPE_CHECKING:
    from layers.borough.borough import Borough

SCRIPTS = (
    "topology.js",
    "dom.js",
    "words.js",
    "state.js",
    "views.js",
    "legend.js",
    "drawing.js",
    "fit.js",
    "labels.js",
    "panel.js",
    "compare.js",
    "sheet.js",
    "hover.js",
    "gestures.js",
    "closer.js",
    "find.js",
    "find_box.js",
    "overlap.js",
    "fingerprint.js",
    "past.js",
    "sure.js",
    "orders.js",
    "download.js",
    "table.js",
    "keyboard.js",
    "print.js",
    "by_itself.js",
    "main.js",
)
LONG_WORDS = ("depri\u00advation", "Employ\u00adment")
"""Words of titles, with where they may be parted."""
NUMBER_WORDS = dict(
    enumerate(("no", "one", "two", "three", "four", "five", "six", "seven", "eight"))
)


def borough_page(
    borough: Borough, *, links: Links | None = None, basemap: str | None = None
) -> str:
    """Return the HTML of a borough's page.

    ``links`` are the addresses of other pages, as seen from this one. ``basemap`` is the address
    of map tiles (``https://…/{z}/{x}/{y}.png``) for readers who may use the network; without it
    the page makes no request. The same borough gives the same bytes.
    """
    links = links or Links()
    container, making = offline_map(_centre(borough), basemap=basemap).parts()
    script = f"{leaflet_script()}\n{_script(making)}"
    style = leaflet_style() + stylesheet("base.css", "borough.css", "matrix.css") + tones()
    hosts = image_hosts(basemap) if basemap else ()
    pictures = (*hosts, "file:") if links.sign else hosts
    data = page_data(borough, links=links, basemap=bool(basemap))
    return (
        environment()
        .get_template("borough.html")
        .render(
            borough=borough,
            edition=borough.edition,
            superseded=superseded(borough.edition),
            links=links,
            policy=policy(scripts=[script], styles=[style], image_hosts=pictures),
            style=Markup(style),
            script=Markup(script),
            map_html=Markup(container),
            data=json_for_script(data),
            finding_parts=finding_parts(borough),
            nothing_met=nothing_met(borough),
            pockets=_pockets(borough, data["orders"]),
            orders=data["orders"],
            matrix=matrix_of(borough),
            alone=alone(borough),
            how=how_to_read(borough),
            postcodes_of=postcodes_of(borough),
            glance=at_a_glance(borough),
            short=in_short(borough),
            outside=outside_every_pocket(borough),
            reach=reach_figure(borough),
            years=years_figure(borough),
            years_lacking=" ".join(borough.lacking_years),
            cautions=cautions(borough),
            sources=sources_by_publisher(all_sources([borough], years=True)),
            made=how_made(borough, hosts),
            more=_more(links),
            ways=_ways(links),
            counts=NUMBER_WORDS,
            cannot_tell=CANNOT_TELL,
            striped=_striped(borough),
            drawn=data["sure"]["drawn"],
            domains=sum(layer.domain for layer in borough.edition.layers),
            capital=capital,
        )
    )


def at_a_glance(borough: Borough) -> list[dict[str, str]]:
    """Return rows that set the borough beside England: titles and both values, ready to print.

    Rows whose column the districts table lacks are left out.
    """
    overall = borough.edition.layer(borough.edition.overall)
    shares = {overall.column(summary.key): summary for summary in SUMMARIES}
    rows = [
        {
            "title": f"Small areas {summary.title[:1].lower()}{summary.title[1:]}",
            "here": summary.words(borough.district[column]),
            "england": summary.words(summary.whole),
        }
        for column, summary in shares.items()
        if summary.whole is not None and column in borough.district
    ]
    return [*rows, *_people_at_a_glance(borough)] + [
        {
            "title": layer.short,
            "here": amount(float(borough.district[layer.value]), layer),
            "england": amount(float(borough.england[layer.id]), layer),
        }
        for layer in borough.edition.layers
        if not layer.rank and layer.value in borough.district and layer.id in borough.england
    ]


def _parted(title: str) -> str:
    """Let the long words of a title be parted where a column is narrow."""
    for word in LONG_WORDS:
        title = title.replace(word.replace("\u00ad", ""), word)
    return title


def _people_at_a_glance(borough: Borough) -> list[dict[str, str]]:
    """Return rows of the shares of people, the first with those of them outside every pocket."""
    own, edition, rows = borough.district, borough.edition, []
    first = next(iter(counted_in_areas(edition)), None)
    for layer in edition.shares:
        if layer.value in own and layer.id in borough.england:
            here, england = (float(each) for each in (own[layer.value], borough.england[layer.id]))
            rows.append(
                {
                    "title": _parted(layer.title),
                    "here": amount(here, layer),
                    "england": amount(england, layer),
                }
            )
        if layer is first and layer.outside_pct in own and layer.outside_pct in borough.people:
            here, england = (float(each[layer.outside_pct]) for each in (own, borough.people))
            rows.append(
                {
                    "title": "Of those it counts, outside every pocket",
                    "here": or_dash(percentage(here), here),
                    "england": or_dash(percentage(england), england),
                }
            )
    return rows


def _ways(links: Links) -> list[tuple[str, str]]:
    """Return the ways on from the page that stand under its title."""
    return _leading_somewhere(
        (links.borough, "Profile"),
        (links.atlas, "Atlas (PDF)"),
        (links.downloads, "Data"),
        (links.methods, "Methods"),
    )


def _more(links: Links) -> list[tuple[str, str]]:
    """Return the ways on at the end of the page, behind how it was made."""
    return _leading_somewhere(
        (links.borough, "Profile of the borough"),
        (links.methods, "Methods"),
        (links.sources, "All sources"),
        (links.downloads, "Data to download"),
        (links.atlas, "Atlas to print (PDF)"),
    )


def _leading_somewhere(*named: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the links that have an address, in their order."""
    return [(address, text) for address, text in named if address]


def _pockets(borough: Borough, known: Sequence[PocketOrder]) -> list[dict[str, object]]:
    """Return the pockets by number, each with what stands behind it in the first order."""
    by_number = borough.pockets.sort_values("number")
    behind = known[0]["texts"] if known else []
    return [
        {"number": int(number), "name": name, "behind": text}
        for number, name, text in zip(by_number["number"], by_number["name"], behind, strict=True)
    ]


def _striped(borough: Borough) -> list[tuple[str, str]]:
    """Return the colours of classes that are known in part, each with the ink of its stripes."""
    classes = overlap_classes(len(borough.edition.overlap))
    return [
        (entry.colour, palette.ink_on(entry.colour))
        for entry in classes
        if entry.pattern == "striped"
    ]


def _script(making: str) -> str:
    """Put the making of folium's map at the end of the page's scripts, inside their function."""
    body = scripts(SCRIPTS)
    end = "})();\n"
    return f"{body.removesuffix(end)}{making}\n{end}"


def _centre(borough: Borough) -> tuple[float, float]:
    middle = gpd.GeoDataFrame(geometry=[shapely.box(*borough.lsoa.total_bounds)], crs=BNG)
    latitude, longitude = label_points(middle)[0]
    return latitude, longitude
