"""Gradients on a printed page: layers by tenths of deprivation, a sentence and indices each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from layers.layer import Layer
from maps.look import palette
from maps.look.numbers import DASH, amount, written
from maps.print import lettering
from maps.print.listing import ListColumn, put_table
from maps.print.sheet import Box, put_block, put_paragraph, put_rule, put_text
from maps.words.of_gradients import (
    GradientInWords,
    gradient_sentence,
    gradients_in_words,
    relative_index,
    slope_index,
)

if TYPE_CHECKING:
    from layers.borough.borough import Borough

WORDS_MM = 19.0
CHART_GAP_MM = 10.0
TABLE_MM = 44.0
TALLEST_MM = 55.0
INSIDE_MM = 7.0
ON_BAR = lettering.Face(7, colour=palette.PAPER)
GRADIENT_NOTE = (
    "Parts of the population in order of overall deprivation, each with about as many people;"
    " values are means over people, households or expected deaths. Slope index: the fitted"
    " value of the most deprived end less that of the least deprived. Relative index: their ratio."
    " The 95% limits allow for the likeness of areas within 4 km of one another (Conley)."
    " A gradient describes areas: it is no cause and no person’s risk."
)


def put_gradients(figure: Figure, borough: Borough, room: Box) -> float:
    """Draw a chart for each layer beside the Indices in two columns, and a table of the indices."""
    found = gradients_in_words(borough)
    width = (room.width - CHART_GAP_MM) / 2
    rows = (len(found) + 1) // 2
    height = min((room.height - TABLE_MM) / max(rows, 1), WORDS_MM + TALLEST_MM + 16)
    for number, gradient in enumerate(found):
        row, column = divmod(number, 2)
        left = room.left + column * (width + CHART_GAP_MM)
        _put_chart(figure, borough, gradient, Box(left, room.top + row * height, width, height))
    table = room.below(room.top + rows * height + 4)
    columns = [
        ListColumn("Layer", room.width + 3 - 3 * 45),
        ListColumn("Least to most deprived", 45, "right"),
        ListColumn("Slope index (95%)", 45, "right"),
        ListColumn("Relative index (95%)", 45, "right"),
    ]
    end = put_table(figure, table, columns, [_row(gradient) for gradient in found])
    return put_paragraph(figure, (room.left, end + 1.5), GRADIENT_NOTE, room.width, lettering.NOTE)


def _row(gradient: GradientInWords) -> list[str]:
    """Write a layer's ends and indices; that brackets hold 95% limits stands in the headings."""
    layer, row = gradient.layer, gradient.row
    ends = " to ".join(written(layer.form, float(row[end])) for end in ("least", "most"))
    slope, relative = slope_index(layer, row, named=False), relative_index(row, named=False)
    return [f"{layer.short}, {layer.unit}", ends, slope, relative]


def _put_chart(figure: Figure, borough: Borough, gradient: GradientInWords, box: Box) -> None:
    layer = gradient.layer
    said = gradient_sentence(layer, gradient.row, name=borough.called)
    put_text(figure, (box.left, box.top + 3), f"{layer.title}, {layer.unit}", lettering.HEADING)
    put_paragraph(figure, (box.left, box.top + 4.5), said, box.width, lettering.TEXT)
    bars = Box(box.left, box.top + WORDS_MM, box.width, box.height - WORDS_MM - 13)
    _put_bars(figure, bars, gradient.parts["value"], layer, float(borough.england[layer.id]))
    at = bars.bottom + 8
    put_text(figure, (bars.left, at), "Least deprived", lettering.KEY)
    put_text(figure, (bars.right, at), "Most deprived", lettering.KEY, align="right")
    whole = borough.edition.whole
    words = f"Dashed: {whole}, {amount(float(borough.england[layer.id]), layer)}"
    put_text(figure, ((bars.left + bars.right) / 2, at), words, lettering.KEY, align="center")


def _put_bars(
    figure: Figure, box: Box, values: pd.Series[float], layer: Layer, england: float
) -> None:
    """Draw a bar for each part with its value inside, and a dashed line at England's value."""
    most = float(np.nanmax([*values, england]))
    step = box.width / len(values)
    for place, (part, value) in enumerate(values.items()):
        middle = box.left + (place + 0.5) * step
        put_text(figure, (middle, box.bottom + 3.6), str(part), lettering.KEY, align="center")
        tall = 0.0 if np.isnan(value) else box.height * value / most
        bar = Box(middle - step * 0.4, box.bottom - tall, step * 0.8, tall)
        put_block(figure, bar, fill=palette.SEQUENTIAL[1])
        room = tall > INSIDE_MM
        baseline = box.bottom - 1.6 if room else bar.top - 0.8
        said = DASH if np.isnan(value) else written(layer.form, value)
        face = ON_BAR if room else lettering.KEY
        put_text(figure, (middle, baseline), said, face, align="center")
    put_rule(figure, Box(box.left, box.bottom, box.width, 0), colour=palette.INK)
    level = box.bottom - box.height * england / most
    line = Box(box.left, level, box.width, 0)
    put_rule(figure, line, colour=palette.PAPER, points=0.9)
    put_rule(figure, line, points=0.9, colour=palette.INK).set_linestyle("--")
