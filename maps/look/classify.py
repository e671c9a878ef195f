"""Classes of a map as data: one object gives the fill, the legend and the counts.

A `Scheme` says how values become classes; `classify` applies it and returns a `Classified`, which
the pages, the printed maps and the style files all read. Classes are numbered from 0, worst
first. The last two of every scheme are no value and withheld, which have patterns of their own and
never a colour of the scale. What is known in part alone is striped over the colour of what is
known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.stats.rank import FEWEST_RANKED
from layers.layer import Frame, Layer
from maps.look import palette
from maps.look.numbers import DEPRIVATION, NO_VALUE, ends_of

Pattern = Literal["plain", "striped", "hatched", "dotted"]


@dataclass(frozen=True, kw_only=True)
class MapClass:
    """One class: its label, its fill, the limits it holds and how many areas fall in it.

    A class of ranks holds shares of all ranks in per cent, over ``lower`` and up to ``upper``; a
    class of values holds those from ``lower`` up to but not including ``upper``.
    """

    label: str
    colour: str
    lower: float
    upper: float
    count: int = 0
    pattern: Pattern = "plain"


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """How values become classes: labels, colours and limits between classes, worst class first.

    ``limits`` has one entry fewer than there are classes. ``of`` says what is classed: shares of
    ranks (per cent, small is worse) or values (large is worse).
    """

    title: str
    labels: tuple[str, ...]
    colours: tuple[str, ...]
    limits: tuple[float, ...]
    of: Literal["ranks", "values"] = "ranks"

    def worded(self, ends: tuple[str, str] = DEPRIVATION) -> Scheme:
        """Name the classes by the two ends of the order that they are of, the worse one first.

        >>> FIFTHS_SCHEME.worded(("highest", "lowest")).labels
        ('Highest fifth', '2nd fifth', 'Middle fifth', '4th fifth', 'Lowest fifth')
        """
        first, last = ends
        labels = (label.format(first=first, last=last) for label in self.labels)
        return replace(self, labels=tuple(label[:1].upper() + label[1:] for label in labels))


@dataclass(frozen=True, kw_only=True)
class Classified:
    """Areas in classes.

    ``numbers`` gives each area's position in ``classes``, indexed by area_code.
    """

    title: str
    classes: tuple[MapClass, ...]
    numbers: pd.Series[int]

    @property
    def legend(self) -> tuple[MapClass, ...]:
        """All classes of the scale; known in part, no value and withheld where some area is."""
        return tuple(entry for entry in self.classes if entry.pattern == "plain" or entry.count)

    @property
    def colours(self) -> pd.Series[str]:
        """Give each area's colour, indexed by area_code."""
        return self.numbers.map(dict(enumerate(entry.colour for entry in self.classes)))

    @property
    def labels(self) -> pd.Series[str]:
        """Give each area's class in words, indexed by area_code."""
        return self.numbers.map(dict(enumerate(entry.label for entry in self.classes)))


ENGLAND = Scheme(
    title="Rank in {place}",
    labels=("{first} 1%", "1% to 5%", "5% to 10%", "10% to 20%", "20% to 50%", "{last} half"),
    colours=palette.SEQUENTIAL,
    limits=(1, 5, 10, 20, 50),
)
BOROUGH = Scheme(
    title="Rank in {place}",
    labels=("{first} 10%", "10% to 20%", "2nd fifth", "middle fifth", "4th fifth", "{last} fifth"),
    colours=palette.SEQUENTIAL,
    limits=(10, 20, 40, 60, 80),
)
FIFTHS_SCHEME = Scheme(
    title="Fifths of {place}",
    labels=("{first} fifth", "2nd fifth", "middle fifth", "4th fifth", "{last} fifth"),
    colours=palette.ramp(5),
    limits=(20, 40, 60, 80),
)
UNRANKED = Scheme(
    title="No ranks in {place}: fewer than five areas",
    labels=("Too few areas to rank here",),
    colours=palette.SEQUENTIAL[4:5],
    limits=(),
)
AREAS_FOR_NARROW_CLASSES = 10
"""With fewer areas than this a fifth of a borough is not cut in two."""
RATIO = Scheme(
    title="Ratio (1 = as expected)",
    labels=(
        "2 or more",
        "1.5 to 2",
        "1.1 to 1.5",
        "0.9 to 1.1",
        "0.67 to 0.9",
        "0.5 to 0.67",
        "Under 0.5",
    ),
    colours=palette.DIVERGING,
    limits=(2, 1.5, 1.1, 0.9, 0.67, 0.5),
    of="values",
)
THIRDS_OF_PAIR = ("Worst fifth", "Next two", "Last two")


def scheme_of(layer: Layer, frame: Frame, *, count: int) -> Scheme:
    """Choose the scheme of a layer in a frame in which ``count`` areas have a value.

    Ranks where ranks may be said, fifths where not; a measure with a true middle diverges about
    it in England's frame, and is ranked like the others in the borough's (see `borough_schemes`).
    """
    if frame == "borough":
        return next(scheme for least, scheme in borough_schemes(layer) if count >= least)
    if layer.middle is not None:
        return RATIO
    return (ENGLAND if layer.ranks_in_words else FIFTHS_SCHEME).worded(ends_of(layer))


def borough_schemes(layer: Layer) -> tuple[tuple[int, Scheme], ...]:
    """Return the schemes of a layer within a borough, each with the fewest areas it is for.

    A borough of fewer than `AREAS_FOR_NARROW_CLASSES` areas has fifths alone, one of fewer than
    `FEWEST_RANKED` no classes.
    """
    narrow, wide = (scheme.worded(ends_of(layer)) for scheme in (BOROUGH, FIFTHS_SCHEME))
    ladder = ((AREAS_FOR_NARROW_CLASSES, narrow), (FEWEST_RANKED, wide), (0, UNRANKED))
    return ladder if layer.ranks_in_words else ladder[1:]


def classify_layer(
    areas: pd.DataFrame, layer: Layer, frame: Frame, *, count: int, place: str
) -> Classified:
    """Class the areas of a frame on one layer, compared with England or with their borough.

    ``count`` is the number of areas with a value in that frame at the layer's own geography,
    ``place`` its name for the title ("England", "Liverpool"). Areas whose ``<layer>_withheld``
    column is true are withheld.
    """
    scheme = scheme_of(layer, frame, count=count)
    if scheme.of == "values":
        values = areas[layer.value] / (layer.middle or 1.0)
    elif scheme is UNRANKED:
        values = areas[layer.value] * 0.0
    elif not layer.ranks_in_words:
        values = areas[layer.quintile_column(frame)] * 20.0
    else:
        values = areas[layer.rank_column(frame)] * 100.0 / count
    found = classify(values, scheme, place=place, withheld=areas.get(layer.withheld))
    return _with_former(found, areas, layer) if scheme.of == "ranks" else found


def _with_former(found: Classified, areas: pd.DataFrame, layer: Layer) -> Classified:
    """Tell areas that only show the value of a former one from those without a value."""
    if layer.estimated not in areas:
        return found
    none = len(found.classes) - len(MISSING_CLASSES)
    shown = areas[layer.value].notna() & (found.numbers == none)
    if not shown.any():
        return found
    numbers = np.where(shown, len(found.classes), found.numbers)
    classes = tuple(replace(entry, count=0) for entry in (*found.classes, FORMER_CLASS))
    return _classified(found.title, classes, numbers, found.numbers.index)


def classify(
    values: pd.Series[float],
    scheme: Scheme,
    *,
    place: str = "",
    withheld: pd.Series[bool] | None = None,
) -> Classified:
    """Put values in the classes of a scheme.

    A share of ranks on a limit belongs to the worse class, as in ceil(rank × n / N); a value on a
    limit too. Missing values are in the class "No value", withheld ones in "Withheld".

    >>> ranks = pd.Series([1.0, 1.5, 50.0, np.nan], index=["a", "b", "c", "d"])
    >>> classify(ranks, ENGLAND.worded(), place="England").labels.to_list()
    ['Most deprived 1%', '1% to 5%', '20% to 50%', 'No value']
    """
    limits = np.asarray(scheme.limits, dtype=float)
    worse = -1.0 if scheme.of == "values" else 1.0
    known = values.astype(float)
    numbers = np.searchsorted(limits * worse, known.to_numpy() * worse, side="left")
    numbers[known.isna()] = len(scheme.labels)
    if withheld is not None:
        numbers[withheld.reindex(values.index).fillna(value=False).astype(bool)] = (
            len(scheme.labels) + 1
        )
    return _classified(scheme.title.format(place=place), _classes(scheme), numbers, values.index)


def classify_overlap(
    counts: pd.Series[float], *, of: int, place: str, known: pd.Series[int] | None = None
) -> Classified:
    """Class areas by the number of layers, 0 to ``of``, on which each is among the worst.

    ``known`` says of how many layers it is known whether it is (all of them by default): where not
    of all, the area is on at least so many, and where of none, or ``counts`` is missing, it has no
    value.

    >>> counts, known = pd.Series([0, 4, 2, 0, 0]), pd.Series([4, 4, 3, 3, 0])
    >>> classify_overlap(counts, of=4, place="England", known=known).labels.to_list()
    ['On none', 'On all 4', 'On at least 2', 'On none of those known', 'No value']
    """
    of_area = known if known is not None else pd.Series(of, counts.index)
    met = counts.fillna(0)
    numbers = np.select(
        [counts.isna() | (of_area == 0), of_area < of], [2 * of + 1, 2 * of - met], of - met
    ).astype(int)
    return _classified(
        f"Layers among the worst of {place}", overlap_classes(of), numbers, counts.index
    )


def overlap_classes(of: int) -> tuple[MapClass, ...]:
    """Make the classes of an overlap of ``of`` layers, all of them first, none last.

    After them come the classes of areas of which only some layers are known: on at least one fewer
    than all first, on none of those known last.
    """
    words = {of: f"On all {of}", 0: "On none", 1: "On 1"}
    labels = tuple(words.get(number, f"On {number}") for number in range(of, -1, -1))
    limits = tuple(number - 0.5 for number in range(of, 0, -1))
    scale = _classes(
        Scheme(title="", labels=labels, colours=palette.ramp(of + 1), limits=limits, of="values")
    )[: of + 1]
    in_part = tuple(
        replace(
            entry,
            label=f"On at least {of - place}" if place < of else "On none of those known",
            pattern="striped",
        )
        for place, entry in enumerate(scale)
        if place
    )
    return scale + in_part + MISSING_CLASSES


def classify_pair(
    first: pd.Series[float], second: pd.Series[float], *, titles: tuple[str, str]
) -> Classified:
    """Class areas by their fifths (1 is worst) on two layers at once, three classes each.

    Class number = 3 × (class of the first) + class of the second, so 0 is worst on both.
    """
    kinds = [
        np.searchsorted([1, 3], fifths.to_numpy(dtype=float), side="left")
        for fifths in (first, second)
    ]
    numbers = 3 * kinds[0] + kinds[1]
    numbers[first.isna() | second.isna()] = 9
    return _classified(" and ".join(titles), pair_classes(titles), numbers, first.index)


def pair_classes(titles: tuple[str, str]) -> tuple[MapClass, ...]:
    """Make the nine classes of a two-layer map, worst on both first."""
    named = [
        (f"{titles[0]}: {one.lower()}; {titles[1]}: {other.lower()}", palette.multiply(tone, shade))
        for one, tone in zip(THIRDS_OF_PAIR, palette.FIRST_OF_PAIR, strict=True)
        for other, shade in zip(THIRDS_OF_PAIR, palette.SECOND_OF_PAIR, strict=True)
    ]
    classes = tuple(
        MapClass(label=label, colour=colour, lower=np.nan, upper=np.nan) for label, colour in named
    )
    return classes + MISSING_CLASSES


def legend_of(classes: Iterable[MapClass]) -> list[dict[str, str]]:
    """Return classes as a page's script reads them: label, colour and pattern of each."""
    return [
        {"label": entry.label, "colour": entry.colour, "pattern": entry.pattern}
        for entry in classes
    ]


MISSING_CLASSES = (
    MapClass(
        label=NO_VALUE.capitalize(),
        colour=palette.MISSING,
        lower=np.nan,
        upper=np.nan,
        pattern="hatched",
    ),
    MapClass(
        label="Withheld", colour=palette.MISSING, lower=np.nan, upper=np.nan, pattern="dotted"
    ),
)


FORMER_CLASS = MapClass(
    label="Not ranked",
    colour=palette.MISSING,
    lower=np.nan,
    upper=np.nan,
    pattern="striped",
)
"""Of areas that show the value of a former area, of which they are parts, in a map of ranks."""


def _classes(scheme: Scheme) -> tuple[MapClass, ...]:
    ranked = scheme.of == "ranks"
    ends = (0.0, *scheme.limits, 100.0) if ranked else (np.inf, *scheme.limits, -np.inf)
    classes = tuple(
        MapClass(label=label, colour=colour, lower=min(pair), upper=max(pair))
        for label, colour, pair in zip(scheme.labels, scheme.colours, pairwise(ends), strict=True)
    )
    return classes + MISSING_CLASSES


def _classified(
    title: str, classes: tuple[MapClass, ...], numbers: NDArray[np.int64], index: pd.Index
) -> Classified:
    counts = np.bincount(numbers, minlength=len(classes))
    counted = tuple(
        replace(entry, count=int(count)) for entry, count in zip(classes, counts, strict=True)
    )
    return Classified(
        title=title, classes=counted, numbers=pd.Series(numbers, index=index, name="class")
    )


WORST_TENTH = Scheme(
    title="Share of small areas in the most deprived tenth of {place}",
    labels=("40% or more", "20% to 40%", "10% to 20%", "5% to 10%", "Some, under 5%", "None"),
    colours=palette.SEQUENTIAL,
    limits=(40.0, 20.0, 10.0, 5.0, 1e-9),
    of="values",
)
