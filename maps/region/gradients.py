"""How every layer runs with deprivation over the MSOAs and LSOAs of the boroughs built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from layers.kinds.registry import kind_of, with_limits
from layers.layer import Layer
from maps.look.numbers import DASH, amount, counted, part_in_words
from maps.region.parts import DESCRIBES, TOO_FEW_FOR_FIFTHS, Chart, Region, Section, Table, TableRow
from maps.svg.gradients import GradientFigure, gradient_figures
from maps.words.of_gradients import slope_index


def gradients(region: Region) -> Section:
    """Show how every layer runs with deprivation; the Indices against themselves in words."""
    one = region.one
    drawn = {figure.layer.id: figure for figure in gradient_figures(one)}
    above = with_limits(one.edition)
    shown = [figure for figure in drawn.values() if figure.layer != above]
    return Section(
        key="gradients",
        title="How every layer runs with deprivation",
        period="; ".join(dict.fromkeys(layer.period for layer in one.edition.layers)),
        said=[
            "Areas are put in order of overall deprivation and parted into equal shares of the"
            f" people: 1 is the most deprived. {DESCRIBES}"
            f"{' COVID-19 mortality has its chart above.' if above else ''}"
            if drawn
            else TOO_FEW_FOR_FIFTHS
        ],
        charts=[
            Chart(picture=figure.chart, heading=figure.layer.title, caption=figure.sentence)
            for figure in shown
        ],
        tables=[*_parts_table(shown), _gradients_table(region, drawn)],
        notes=[
            "The Indices against themselves are circular: they are described, without limits or a"
            " relative index. Slope index: how much higher a line fitted to the areas, weighted by"
            " people, stands at the most deprived end than at the least deprived. Relative index:"
            " the ratio of the two ends. The 95% limits allow for the likeness of areas within 4 km"
            " of one another (Conley). Where those of the slope index take in 0, or slope and gap"
            " point different ways, no gradient is clear."
        ],
    )


def _parts_table(shown: Sequence[GradientFigure]) -> list[Table]:
    """Put the numbers of the charts into a table: a row a layer, a column a part."""
    if not shown:
        return []
    parts = [part for part, *_ in shown[0].groups]
    word = part_in_words(len(parts))
    return [
        Table(
            key="parts-table",
            caption=f"Mean by {word} of the people, from the least deprived, {len(parts)}, to the"
            " most, 1",
            columns=["Layer", *parts],
            rows=[
                TableRow(name=figure.layer.title, cells=[value for *_, value in figure.groups])
                for figure in shown
            ],
        )
    ]


def _gradients_table(region: Region, drawn: Mapping[str, GradientFigure]) -> Table:
    found = region.one.gradients
    words = [part_in_words(int(parts)) for parts in found["parts"]]
    word = " or ".join(dict.fromkeys(words))
    return Table(
        key="gradients-table",
        caption="Every layer from the least to the most deprived part of the people",
        columns=[
            "Layer",
            "Areas",
            f"Least deprived {word}",
            f"Most deprived {word}",
            "Slope index",
            "Relative index",
        ],
        rows=[
            TableRow(
                name=layer.title,
                cells=[
                    counted(int(found["areas"][layer.id]), layer.geography),
                    amount(float(found["least"][layer.id]), layer),
                    amount(float(found["most"][layer.id]), layer),
                    *_indices(region, layer, drawn),
                ],
            )
            for layer in region.one.edition.layers
        ],
        words=1,
    )


def _indices(region: Region, layer: Layer, drawn: Mapping[str, GradientFigure]) -> list[str]:
    """Return the two indices of inequality with limits; of the Indices the slope alone."""
    if layer.id in drawn:
        return [drawn[layer.id].slope, drawn[layer.id].relative]
    row = dict(region.one.gradients.loc[layer.id])
    return [slope_index(layer, row) if kind_of(layer).circular else DASH, DASH]
