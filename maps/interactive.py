"""The planner's page of a borough: one HTML file that works with the network off.

`borough_page` puts together a folium map with Leaflet inlined, one geometry for all layers, the
data of `maps.page_data`, and plain scripts that recolour, find, select and download. The page
asks for nothing from anywhere, and its Content-Security-Policy says so; only a basemap opens it,
to one host.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from markupsafe import Markup

from geo.sources import Source
from layers.layer import Layer
from maps.leaflet import leaflet_script, leaflet_style, offline_map
from maps.page import environment, image_hosts, json_for_script, policy, scripts, static_text
from maps.page_data import Links, page_data
from maps.sentences import finding, nothing_met, tenths_in_words
from maps.topology import label_points

if TYPE_CHECKING:
    from layers.borough import Borough

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
    "find.js",
    "overlap.js",
    "download.js",
    "table.js",
    "keyboard.js",
    "print.js",
    "main.js",
)
STRONG = re.compile(r"(one pocket|\d+ pockets|no pocket|(?:less than |more than )?\d+%)")
NUMBERS = dict(enumerate(("no", "one", "two", "three", "four", "five", "six", "seven", "eight")))


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
    style = leaflet_style() + static_text("base.css") + static_text("borough.css")
    hosts = image_hosts(basemap) if basemap else ()
    sentence = finding(borough)
    return (
        environment()
        .get_template("borough.html")
        .render(
            borough=borough,
            edition=borough.edition,
            links=links,
            policy=policy(scripts=[script], styles=[style], image_hosts=hosts),
            style=Markup(style),
            script=Markup(script),
            map_html=Markup(container),
            data=json_for_script(page_data(borough, links=links, basemap=bool(basemap))),
            finding=sentence,
            finding_parts=emphasised(sentence),
            nothing_met=nothing_met(borough),
            pockets=_pockets(borough),
            how=how_to_read(borough),
            glance=at_a_glance(borough),
            cautions=cautions(borough),
            sources=sources_by_publisher(borough),
            made=how_made(borough, hosts),
            more=_more(links),
            counts=NUMBERS,
            domains=sum(layer.domain for layer in borough.edition.layers),
            capital=capital,
        )
    )


def emphasised(sentence: str) -> list[tuple[str, bool]]:
    """Split a finding into parts and say which are strong: its counts and shares.

    >>> emphasised("Northmere has 2 pockets")
    [('Northmere has ', False), ('2 pockets', True)]
    """
    parts = STRONG.split(sentence)
    return [(text, place % 2 == 1) for place, text in enumerate(parts) if text]


def capital(text: str) -> str:
    """Return a text with its first letter as a capital and the rest as it was.

    >>> capital("the sample")
    'The sample'
    """
    return text[:1].upper() + text[1:]


def how_to_read(borough: Borough) -> list[str]:
    """Explain the map in three sentences to someone who has never seen one like it."""
    whole = borough.edition.whole
    return [
        "Each patch is a neighbourhood of about 1,500 people (statisticians call it an LSOA); the"
        f" darker it is, the worse it stands among those of {whole}.",
        f"An orange outline with a number is a pocket: {_pocket_rule(borough)}.",
        f"Choose what to show and whether to compare with {whole} or {borough.name}, then select a"
        " neighbourhood to read all that is known of it.",
    ]


def _pocket_rule(borough: Borough) -> str:
    rule = borough.settings.get("rule", "national")
    touching = "neighbourhoods that touch and"
    if rule == "national":
        share = tenths_in_words(int(str(borough.settings.get("d", 2))))
        return f"{touching} are all in the most deprived {share} of {borough.edition.whole}"
    if rule == "borough":
        return f"{touching} are all in the most deprived fifth of {borough.name}"
    if rule == "cluster":
        return f"{touching} stand out together as a cluster of high deprivation"
    return f"{touching} are all among the worst on several layers"


def at_a_glance(borough: Borough) -> list[dict[str, str]]:
    """Return rows that set the borough beside England: titles and both values, ready to print.

    Rows whose column the districts table lacks are left out.
    """
    overall = borough.edition.overall
    shares = {
        f"{overall}_worst_tenth_pct": ("Neighbourhoods in the most deprived tenth", 10.0),
        f"{overall}_worst_fifth_pct": ("Neighbourhoods in the most deprived fifth", 20.0),
    }
    rows = [
        {"title": title, "here": f"{borough.district[column]:.0f}%", "england": f"{england:.0f}%"}
        for column, (title, england) in shares.items()
        if column in borough.district
    ]
    return rows + [
        {
            "title": layer.short,
            "here": value_in_words(layer, float(borough.district[layer.value])),
            "england": value_in_words(layer, float(borough.england[layer.id])),
        }
        for layer in borough.edition.layers
        if not layer.rank and layer.value in borough.district and layer.id in borough.england
    ]


def value_in_words(layer: Layer, value: float) -> str:
    """Write a value with the decimals of its layer, and its unit where that follows a number."""
    if value != value:
        return "No data"
    figure = f"{value:.{layer.decimals}f}"
    if layer.unit == "%":
        return f"{figure}%"
    return f"{figure} {layer.unit}" if "µg" in layer.unit else figure


def cautions(borough: Borough) -> list[str]:
    """Return the caveats of all layers and the notes on their values, each once."""
    caveats = [layer.caveat for layer in borough.edition.layers]
    notes = [note for layer in borough.edition.layers for note in borough.notes.get(layer.id, ())]
    boundaries = (
        f"Boundaries are those of {borough.edition.boundary_year}; people are counted in"
        f" mid-{borough.edition.population_year}, the year of the Indices’ own denominators. Land"
        f" outside {borough.edition.whole} is left blank."
    )
    return list(dict.fromkeys([boundaries, *caveats, *notes]))


def sources_by_publisher(borough: Borough) -> list[dict[str, object]]:
    """Group the sources used by publisher: title, edition, period, licence, attribution."""
    used = {source.id: source for entry in borough.sources.values() for source in entry}
    groups: dict[str, list[str]] = {}
    for _, source in sorted(used.items()):
        groups.setdefault(source.publisher, []).append(_source_line(source))
    return [{"title": publisher, "lines": lines} for publisher, lines in sorted(groups.items())]


def _source_line(source: Source) -> str:
    about = "; ".join(part for part in (source.edition, source.period) if part)
    said = (f"{source.title} ({about})", source.licence, source.attribution)
    return " ".join(f"{part.rstrip('.')}." for part in said if part)


def how_made(borough: Borough, hosts: Iterable[str]) -> list[str]:
    """Say by which settings the results were made, and whether the page uses the network."""
    settings = "; ".join(f"{name} {value}" for name, value in sorted(borough.settings.items()))
    lines = [
        "Pockets are split at a prominence that sets the scale of reading; it is no test of"
        " significance.",
        *([f"Settings: {settings}."] if settings else []),
    ]
    used = ", ".join(hosts)
    return [*lines, f"The background map comes from {used}." if used else _OFFLINE]


_OFFLINE = "This page is one file: it asks for nothing from the network and sends nothing."


def _more(links: Links) -> list[tuple[str, str]]:
    named = (
        (links.methods, "Methods"),
        (links.sources, "All sources"),
        (links.downloads, "Data to download"),
        (links.atlas, "Atlas to print (PDF)"),
    )
    return [(address, text) for address, text in named if address]


def _pockets(borough: Borough) -> list[dict[str, object]]:
    by_number = borough.pockets.sort_values("number")
    return [
        {"number": int(number), "name": name, "people": int(people)}
        for number, name, people in zip(
            by_number["number"], by_number["name"], by_number["population"], strict=True
        )
    ]


def _script(making: str) -> str:
    """Put the making of folium's map at the end of the page's scripts, inside their function."""
    body = scripts(SCRIPTS)
    end = "})();\n"
    return f"{body.removesuffix(end)}{making}\n{end}"


def _centre(borough: Borough) -> tuple[float, float]:
    whole = borough.lsoa.dissolve()
    latitude, longitude = label_points(whole)[0]
    return latitude, longitude
