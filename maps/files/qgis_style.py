"""QGIS styles (QML) with the classes and colours of the pages.

A style is a rule-based renderer: one rule a class, made from the scheme of `maps.look.classify`
that also fills the page, one for areas without a value, and one for those that show a former one's
without a rank. Conditions are QGIS expressions on the published columns, so a style keeps working
when rows are added, removed or filtered.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from xml.sax.saxutils import quoteattr

import pandas as pd

from layers.layer import FRAMES, Edition, Frame, Layer
from layers.table.summaries import own_values
from maps.look import palette
from maps.look.classify import (
    FORMER_CLASS,
    MISSING_CLASSES,
    UNRANKED,
    Scheme,
    borough_schemes,
    scheme_of,
)

THIN, BOLD, HALO = 0.1, 0.7, 1.3
"""Widths of outlines in millimetres; `BOLD` is about 2.5 px on a screen."""
HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"


@dataclass(frozen=True, kw_only=True)
class Style:
    """A style as QGIS keeps it in ``layer_styles``."""

    name: str
    description: str
    qml: str


@dataclass(frozen=True, kw_only=True)
class StyleRule:
    """One entry of a QGIS legend: its label, the QGIS expression it holds for, its symbol."""

    label: str
    condition: str
    symbol: str


@dataclass(frozen=True, kw_only=True)
class Ranks:
    """The ``column`` of ranks, and the QGIS expression that gives the ``count`` of areas ranked."""

    column: str
    count: str


def styles(
    edition: Edition,
    tables: Mapping[str, pd.DataFrame],
    counts: Mapping[str, Mapping[str, int]],
    aliases: Mapping[str, str],
) -> dict[str, list[Style]]:
    """Make the styles of every layer of the GeoPackage, the one to open with first.

    ``tables`` maps the layers ``lsoa``, ``msoa``, ``district``, ``pockets`` and ``joined_pockets``
    to their tables; ``counts`` maps ``lsoa`` and ``msoa`` to the number of areas ranked in England
    on each measure. A measure whose columns or count are absent has no style. ``aliases`` gives
    columns their titles, which the first style of a layer carries.
    """
    found = {
        layer: _measures(edition, layer, tables[layer], counts.get(layer, {}))
        for layer in ("lsoa", "msoa")
        if layer in tables
    }
    found["district"] = [_outline("Districts", "name", (palette.INK, THIN * 3), "area_name")]
    found["pockets"] = [
        _outline("Pockets of deprivation", "number", (palette.POCKET, BOLD), "number")
    ]
    found["joined_pockets"] = [
        _outline("Joined pockets", "boroughs", (palette.POCKET, BOLD), "boroughs")
    ]
    return {
        layer: [
            with_aliases(style, [str(tables[layer].index.name), *tables[layer]], aliases)
            for style in listed[:1]
        ]
        + listed[1:]
        for layer, listed in found.items()
        if layer in tables
    }


def with_aliases(style: Style, columns: Collection[str], aliases: Mapping[str, str]) -> Style:
    """Add the titles of columns to a style, since older versions of GDAL do not read them."""
    listed = "".join(
        f"<alias field={quoteattr(column)} name={quoteattr(aliases[column])}/>"
        for column in columns
        if column in aliases and column != "geometry"
    )
    qml = style.qml.replace('styleCategories="', 'styleCategories="Fields|', 1).replace(
        "</qgis>", f"<aliases>{listed}</aliases></qgis>"
    )
    return replace(style, qml=qml)


def measure_style(
    layer: Layer,
    frame: Frame,
    *,
    ranks: Ranks,
    whole: str,
    sizes: Collection[int],
    former: bool = False,
) -> Style:
    """Make the style of one measure compared with England or with each area's borough.

    ``whole`` is the word for all England, ``sizes`` are the numbers of areas with a value in it or
    in each borough; ``former`` says that some areas show the value of a former one, without a rank.
    Where boroughs are so different in size that their schemes differ, each rule says for how many
    areas it is.
    """
    place = whole if frame == "england" else "the borough"
    wanted = {size: scheme_of(layer, frame, count=size) for size in sizes}
    used = list(dict.fromkeys(wanted[size] for size in sorted(wanted, reverse=True)))
    rules = [
        StyleRule(label=label, condition=condition, symbol=fill_symbol(colour))
        for scheme in used
        for label, colour, condition in zip(
            scheme.labels,
            scheme.colours,
            _conditions(layer, frame, scheme, ranks=ranks, alone=len(used) == 1),
            strict=True,
        )
    ]
    rules.append(
        StyleRule(label=MISSING_CLASSES[0].label, condition="ELSE", symbol=hatched_symbol())
    )
    if former and any(scheme.of == "ranks" and scheme is not UNRANKED for scheme in used):
        rules.append(_former_rule(layer, frame, used, ranks=ranks))
    title = f"{layer.short}, compared with {place}"
    described = ". ".join(scheme.title.format(place=place) for scheme in used)
    told = f"{layer.title}. {described}. {layer.period}. {layer.caveat}"
    return Style(name=title, description=told, qml=rule_qml(rules))


def _former_rule(layer: Layer, frame: Frame, used: Sequence[Scheme], *, ranks: Ranks) -> StyleRule:
    """Write the rule of areas that show the value of a former one, where others have ranks."""
    placed = ranks.column if layer.ranks_in_words else layer.quintile_column(frame)
    ranked = f" AND {ranks.count} > 0" if UNRANKED in used else ""
    return StyleRule(
        label=FORMER_CLASS.label,
        condition=f'"{layer.value}" IS NOT NULL AND "{placed}" IS NULL{ranked}',
        symbol=striped_symbol(),
    )


def _conditions(
    layer: Layer, frame: Frame, scheme: Scheme, *, ranks: Ranks, alone: bool
) -> list[str]:
    """Write the conditions of a scheme's classes, with the sizes it is for where it is not alone.

    The number of areas ranked is 0 where they are too few.
    """
    if scheme is UNRANKED:
        few = "" if alone else f" AND {ranks.count} = 0"
        return [f'"{layer.value}" IS NOT NULL{few}']
    share = share_expression(layer, frame, rank=ranks.column, count=ranks.count)
    if alone:
        return conditions(share, scheme)
    size = _size_for(layer, scheme, ranks.count)
    return [f"{size} AND {one}" for one in conditions(share, scheme)]


def _size_for(layer: Layer, scheme: Scheme, count: str) -> str:
    """Write for how many areas of a borough a scheme is."""
    ladder = borough_schemes(layer)
    at = [one for _, one in ladder].index(scheme)
    below = [f"{count} < {ladder[at - 1][0]}"] if at else []
    return " AND ".join([f"{count} >= {ladder[at][0]}", *below])


def conditions(share: str, scheme: Scheme) -> list[str]:
    """Write the condition of each class of a scheme on an expression, worst class first.

    >>> from maps.look.classify import FIFTHS_SCHEME
    >>> conditions('"f" * 20.0', FIFTHS_SCHEME)[0]
    '("f" * 20.0) <= 20'
    """
    limits = scheme.limits
    worse, better = ("<=", ">") if scheme.of == "ranks" else (">=", "<")
    middle = [
        f"({share}) {better} {first:g} AND ({share}) {worse} {second:g}"
        for first, second in pairwise(limits)
    ]
    return [f"({share}) {worse} {limits[0]:g}", *middle, f"({share}) {better} {limits[-1]:g}"]


def rule_qml(rules: Sequence[StyleRule], *, labelling: str = "") -> str:
    """Put rules into the QML of a whole style."""
    listed = "".join(
        f"<rule key={quoteattr(f'{{class-{order}}}')} label={quoteattr(rule.label)}"
        f" filter={quoteattr(rule.condition)} symbol={quoteattr(str(order))}/>"
        for order, rule in enumerate(rules)
    )
    symbols = "".join(
        f'<symbol name="{order}" type="fill" alpha="1" clip_to_extent="1" force_rhr="0">'
        f"{rule.symbol}</symbol>"
        for order, rule in enumerate(rules)
    )
    categories = "Symbology|Labeling" if labelling else "Symbology"
    return (
        f'{HEAD}\n<qgis version="3.22.0" styleCategories="{categories}"'
        f' labelsEnabled="{int(bool(labelling))}">'
        '<renderer-v2 type="RuleRenderer" forceraster="0" symbollevels="0" enableorderby="0">'
        f'<rules key="{{root}}">{listed}</rules><symbols>{symbols}</symbols></renderer-v2>'
        f"{labelling}</qgis>\n"
    )


def fill_symbol(colour: str, *, outline: str = palette.BETWEEN, width: float = THIN) -> str:
    """Write a plain fill with a thin outline."""
    return _layer(
        "SimpleFill",
        color=_rgba(colour),
        style="solid",
        outline_color=_rgba(outline),
        outline_style="solid",
        outline_width=str(width),
        outline_width_unit="MM",
        joinstyle="round",
    )


def hatched_symbol() -> str:
    """Write the fill of areas without a value: white, hatched, with a dark outline."""
    return _lined_symbol("b_diagonal")


def striped_symbol() -> str:
    """Write the fill of areas with a value and no rank: white, with level lines."""
    return _lined_symbol("horizontal")


def _lined_symbol(lines: str) -> str:
    return fill_symbol(palette.MISSING, outline=palette.QUIET) + _layer(
        "SimpleFill",
        color=_rgba(palette.QUIET),
        style=lines,
        outline_style="no",
        outline_width="0",
    )


def outline_symbol(colour: str, width: float) -> str:
    """Write an outline with a white halo and no fill."""
    return "".join(
        _layer(
            "SimpleLine",
            line_color=_rgba(tone),
            line_width=str(wide),
            line_width_unit="MM",
            line_style="solid",
            joinstyle="round",
            capstyle="round",
        )
        for tone, wide in ((palette.HALO, width + HALO - BOLD), (colour, width))
    )


def label_settings(column: str) -> str:
    """Write labels from a column: bold dark text with a white halo, inside the area."""
    return (
        '<labeling type="simple"><settings calloutType="simple">'
        f'<text-style fieldName={quoteattr(column)} isExpression="0" fontFamily="sans-serif"'
        f' namedStyle="Bold" fontWeight="75" fontSize="10" fontSizeUnit="Point"'
        f' textColor="{_rgba(palette.INK)}" textOpacity="1">'
        f'<text-buffer bufferDraw="1" bufferSize="1" bufferSizeUnits="MM"'
        f' bufferColor="{_rgba(palette.HALO)}" bufferOpacity="1"/></text-style>'
        '<placement placement="1" centroidInside="1" centroidWhole="1" quadOffset="4"/>'
        '<rendering obstacle="1" displayAll="1"/>'
        "</settings></labeling>"
    )


def share_expression(layer: Layer, frame: Frame, *, rank: str, count: str) -> str:
    """Write the quantity that the scheme of a measure cuts into classes, as a QGIS expression.

    ``rank`` is the column of ranks and ``count`` an expression for the number of areas ranked.
    """
    if frame == "england" and layer.middle is not None:
        return f'"{layer.value}" / {layer.middle or 1.0:g}'
    if not layer.ranks_in_words:
        return f'"{layer.quintile_column(frame)}" * 20.0'
    return f'"{rank}" * 100.0 / {count}'


def _measures(
    edition: Edition, level: str, table: pd.DataFrame, counts: Mapping[str, int]
) -> list[Style]:
    made = []
    for layer in edition.layers:
        for frame in FRAMES:
            rank = _rank_column(layer, frame, table.columns)
            if rank is None or layer.value not in table or layer.id not in counts:
                continue
            carried = level == "lsoa" and layer.geography == "MSOA"
            count = str(counts[layer.id]) if frame == "england" else _count(rank, carried=carried)
            sizes = (
                _sizes(layer, table, carried=carried) if frame == "borough" else {counts[layer.id]}
            )
            made.append(
                measure_style(
                    layer,
                    frame,
                    ranks=Ranks(column=rank, count=count),
                    whole=edition.whole,
                    sizes=sizes,
                    former=_shows_former(layer, table),
                )
            )
    return made


def _shows_former(layer: Layer, table: pd.DataFrame) -> bool:
    """Say whether some areas only show the value of a former one, and so have no rank."""
    return bool((table[layer.value].notna() & own_values(layer, table).isna()).any())


def _sizes(layer: Layer, table: pd.DataFrame, *, carried: bool) -> set[int]:
    """Return the numbers of areas with a value in the boroughs of a table."""
    areas = table["msoa_code"] if carried else pd.Series(table.index, table.index)
    known = areas.where(own_values(layer, table).notna())
    return {int(size) for size in known.groupby(table["lad_code"]).nunique()}


def _rank_column(layer: Layer, frame: Frame, columns: Collection[str]) -> str | None:
    """Find the ranks of a layer: the publisher's for LSOAs, our own for MSOAs."""
    names = (layer.rank_column(frame), layer.own_rank(frame))
    return next((name for name in names if name in columns), None)


def _count(rank: str, *, carried: bool) -> str:
    """Count the areas ranked in each borough; where values are carried down, the MSOAs."""
    if carried:
        known = f'"{rank}" IS NOT NULL'
        return f'count_distinct("msoa_code", group_by:="lad_code", filter:={known})'
    return f'count("{rank}", group_by:="lad_code")'


def _outline(title: str, described: str, pen: tuple[str, float], label: str) -> Style:
    """Draw outlines with a pen of a colour and so many millimetres, labelled by a column."""
    rules = [StyleRule(label=title, condition="", symbol=outline_symbol(*pen))]
    qml = rule_qml(rules, labelling=label_settings(label))
    return Style(name=title, description=f"Outlines with the {described}", qml=qml)


def _layer(kind: str, **options: str) -> str:
    listed = "".join(
        f'<Option name="{name}" type="QString" value={quoteattr(value)}/>'
        for name, value in options.items()
    )
    older = "".join(f'<prop k="{name}" v={quoteattr(value)}/>' for name, value in options.items())
    return (
        f'<layer class="{kind}" enabled="1" locked="0" pass="0">'
        f'<Option type="Map">{listed}</Option>{older}</layer>'
    )


def _rgba(colour: str) -> str:
    """Write a colour as QGIS does.

    >>> _rgba(palette.PAPER)
    '255,255,255,255'
    """
    return ",".join(map(str, (*palette.channels(colour), 255)))
