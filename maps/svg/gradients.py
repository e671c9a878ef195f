"""Gradients within pages: a chart for each layer, and the numbers of its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from layers.layer import Layer
from maps.look.numbers import amount, numeral
from maps.svg.bars import column_chart
from maps.words.of_gradients import (
    GradientInWords,
    gradient_sentence,
    gradients_in_words,
    relative_index,
    slope_index,
)

if TYPE_CHECKING:
    from layers.borough.borough import Borough


@dataclass(frozen=True, kw_only=True)
class GradientFigure:
    """The gradient of one layer: chart, sentence, and the numbers for the table beneath."""

    layer: Layer
    chart: Markup
    sentence: str
    slope: str
    relative: str
    groups: list[tuple[str, str, str, str]]


def gradient_figures(borough: Borough) -> list[GradientFigure]:
    """Draw a chart for each gradient of a borough."""
    return [_figure(gradient, borough.called) for gradient in gradients_in_words(borough)]


def _figure(gradient: GradientInWords, place: str) -> GradientFigure:
    layer, parts, word = gradient.layer, gradient.parts, gradient.part
    told = "; ".join(
        f"{part}: {amount(float(value), layer)}" for part, value in parts["value"].items()
    )
    return GradientFigure(
        layer=layer,
        chart=column_chart(
            parts["value"],
            key=f"gradient-{layer.id}",
            title=f"{layer.title} by {word} of deprivation in {place}",
            description=f"From the least deprived {word}, {len(parts)}, to the most, 1 – {told}.",
            label=layer.form,
        ),
        sentence=gradient_sentence(layer, gradient.row, name=place),
        slope=slope_index(layer, gradient.row),
        relative=relative_index(gradient.row),
        groups=[
            (str(part), numeral(areas), numeral(people), amount(value, layer))
            for part, areas, people, value in zip(
                parts.index, parts["areas"], parts["population"], parts["value"], strict=True
            )
        ],
    )
