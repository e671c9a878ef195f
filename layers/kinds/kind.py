"""What a kind of layer is: one record that says how its layers are read, summed up and explained.

A kind is written in one module of this folder, whose record stands in `layers.kinds.registry`.
Whoever meets a layer asks its record, and never which kind it is: a new kind is a module and an
entry there, and the layers of an edition.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import pandas as pd

from boundaries.ground import Ground
from geo.sources import Source
from layers.files import Files
from layers.former import FormerAreas
from layers.kinds.published import Published
from layers.kinds.reading import LayerValues, OverYears
from layers.layer import Edition, Layer

ColumnRule = Mapping[str, str]
"""What the dictionary says of a column (see layers/table/columns.toml)."""

KindWords: TypeAlias = "str | Callable[[Edition, Iterable[Source]], str]"
"""A text, or what makes it for an edition from the sources that were used (others among them)."""


Reader = Callable[[Files, Ground], LayerValues]
Records = Callable[[str], Source]
"""From a role to the record of the source that plays it."""
Lacking = Callable[[Edition, Collection[str], Records], list[str]]
"""From the roles that are absent to what is not as it could be without them, in sentences."""
Carrier = Callable[[Edition, LayerValues, FormerAreas], LayerValues]
"""From values of the areas of the former census to those of the edition's areas."""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What a layer is whose value is one count over another: that of a larger area from both sums.

    ``over`` and ``under`` are the ends of the two columns' names; the value is their quotient times
    ``scale``. ``limits``, where given, works it out from the two sums instead: the columns of a
    larger area, the value among them, by the ends of their names.
    """

    over: str
    under: str
    scale: float = 1.0
    limits: Callable[[pd.Series, pd.Series], pd.DataFrame] | None = None

    def columns(self, layer: Layer) -> tuple[str, str]:
        """Name the columns of the two counts of a layer: what is counted, and of how many."""
        return layer.column(self.over), layer.column(self.under)

    def known(self, layer: Layer, areas: pd.DataFrame) -> pd.Series:
        """Say which areas have both counts, of those a table holds; others show a larger one's."""
        held = [name for name in self.columns(layer) if name in areas]
        return areas[held].notna().all(axis="columns")

    def value(self, over: pd.Series, under: pd.Series) -> pd.Series:
        """Return the value of each pair of sums; undefined where nobody is counted."""
        return self.scale * over / under.where(under > 0)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of layer.

    ``name`` is what records of layers call it; ``read`` reads all its layers of an edition.
    ``counts`` is set where a value is one count over another; elsewhere the value of a larger area
    is the mean of its areas, weighted by the people whom the layer's record names. ``carry`` brings
    what was read of another census's areas to the edition's (see `layers.kinds.carrying`).
    ``circular`` kinds are, or are part of, what puts areas in order of deprivation: nothing is
    concluded from setting them against it. ``regions`` says that its file holds the region of every
    district. ``of_districts`` works out further columns of districts from a layer's
    areas and their districts, ``ranges`` how far the ranks of its areas in their boroughs could go.
    ``over_years`` reads the values of districts of other years, ``sources_of_years`` names what
    some of these came from. ``roles_of`` keeps, of the roles that the kind was read from, those
    behind one layer: all of them unless given. ``needs`` are the roles that it cannot be read
    without. ``lacking`` says, for a reader of its pages, what is not as it could be where optional
    roles are absent, ``lacking_years`` the same of the values of other years; nothing for roles of
    other kinds. ``published`` are figures that others printed of its layers, which ours are held
    to.

    ``made`` says in the dictionary how a value is made, table by table. ``columns`` explains the
    columns that only layers of this kind have, by the ends of their names; those in ``whole`` hold
    whole numbers. ``title`` is what the kind is called where its methods are explained: ``brief``
    does so in a paragraph, ``methods`` in the paragraphs (HTML) of a site's own page, where
    ``anchor`` leads to them.
    """

    name: str
    title: str
    read: Reader
    made: KindWords
    brief: KindWords
    methods: Sequence[KindWords] = ()
    anchor: str = ""
    counts: Counts | None = None
    carry: Carrier | None = None
    circular: bool = False
    regions: bool = False
    of_districts: Callable[[Layer, pd.DataFrame, pd.Series], pd.DataFrame] | None = None
    ranges: Callable[[Edition, Layer, pd.DataFrame], pd.DataFrame] | None = None
    over_years: Callable[[Files, Ground], OverYears] | None = None
    sources_of_years: Callable[[Files, Iterable[int]], list[Source]] | None = None
    needs: tuple[str, ...] = ()
    lacking: Lacking | None = None
    lacking_years: Lacking | None = None
    roles_of: Callable[[Layer, Sequence[str]], Sequence[str]] | None = None
    columns: Mapping[str, ColumnRule] = field(default_factory=dict)
    whole: tuple[str, ...] = ()
    published: tuple[Published, ...] = ()


def worded(words: KindWords, edition: Edition, sources: Iterable[Source]) -> str:
    """Return a text of a kind, as it is for an edition and the sources that were used."""
    return words if isinstance(words, str) else words(edition, sources)
