"""Layers and editions: what is mapped, in which unit and direction, and what to say about it.

A `Layer` is one measure of places (overall deprivation, NO2, …) and an `Edition` is one release of
the Indices with the layers that go with it. Both are records, read from ``editions.toml``: adding a
layer of a known kind, to every edition or to one, needs no Python.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from geo.errors import AreaError, InputError, some
from geo.notebook import card
from geo.records import laid_over

Native = Literal["LSOA", "MSOA"]
Frame = Literal["england", "borough"]
FRAMES: tuple[Frame, ...] = ("england", "borough")

EDITIONS_FILE = Path(__file__).with_name("editions.toml")
COLUMNS = ("value", "rank", "ranked", "tested", "lower", "upper")
"""What in the record of a layer is the name of a column; ``{id}`` stands for the layer's own."""


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One measure of places; every value is such that high is worse.

    ``value`` is the column that is mapped, ``unit`` its unit in words a reader sees,
    ``geography`` the one at which it is ranked and tested (MSOA values are carried down to
    LSOAs for display only). ``weight`` is the column of people by whom its means are weighted.
    ``rank`` names the publisher's own rank where there is one; ``ranked`` the column that is
    ranked and ``tested`` the one on which clusters are tested, where that is not the value
    itself. ``middle`` is set for a measure with a true middle, such as a ratio. ``lines`` are
    guideline values worth marking, by their names as these stand within a sentence.

    ``share_of`` is set for a share of people, of those whom ``weight`` counts, and names them
    ("people of working age"). Its column keeps the publisher's scale, 0 to 1, while readers see
    per cent: ``unit`` and ``decimals`` are those of what is shown. ``counted_as`` is what those are
    called who are counted ("people counted as income-deprived"); nobody is said to be it.
    """

    id: str
    kind: str
    title: str
    short: str
    question: str
    explanation: str
    value: str
    unit: str
    decimals: int
    geography: Native
    period: str
    source: str
    caveat: str
    rank: str | None = None
    ranked: str | None = None
    tested: str | None = None
    weight: str = "population"
    lower: str | None = None
    upper: str | None = None
    middle: float | None = None
    domain: bool = False
    ranks_in_words: bool = True
    share_of: str = ""
    counted_as: str = ""
    lines: Mapping[str, float] = field(default_factory=dict)

    @property
    def scale(self) -> float:
        """What a value of the column is multiplied by to be shown in ``unit``."""
        return 100.0 if self.share_of else 1.0

    @property
    def column_unit(self) -> str:
        """The unit of the column, where shares are not per cent."""
        return f"share of {self.share_of}, 0 to 1" if self.share_of else self.unit

    @property
    def full_unit(self) -> str:
        """The unit that readers see, with what a share is of."""
        return f"{self.unit} of {self.share_of}" if self.share_of else self.unit

    @property
    def form(self) -> str:
        """The format of a value of the column as it is shown; only a share's ends in its unit.

        >>> edition("2019").layer("imd_2019_income").form.format(0.4884)
        '48.8%'
        """
        return f"{{:,.{self.decimals}{'%' if self.share_of else 'f'}}}"

    @property
    def ranking(self) -> str:
        """The column whose order gives the ranks where no publisher does."""
        return self.ranked or self.value

    @property
    def difference(self) -> str:
        """Name the unit of a difference of two values as readers see them."""
        return "percentage points" if self.unit == "%" else self.unit

    @property
    def true_zero(self) -> bool:
        """Say if 0 means none of it, so that one value over another means something."""
        return self.unit != "score"

    def column(self, ending: str) -> str:
        """Name a column of this layer by the end of its name ("households")."""
        return f"{self.id}_{ending}"

    def ending(self, name: str) -> str:
        """Return the end of the name of a column of this layer."""
        return name.removeprefix(self.column(""))

    def rank_end(self, end: str) -> str:
        """Name the column of how far a rank in the borough could go: its ``lowest``, ``upper``."""
        return self.column(f"rank_borough_{end}")

    def owns(self, name: str) -> bool:
        """Say whether a column is one of this layer's: its value, or one named after it.

        A layer whose id begins with this one's has columns that seem to be this one's too.
        """
        return name == self.value or name.startswith(self.column(""))

    @property
    def decile(self) -> str:
        """The column of the publisher's deciles; 1 is the worst."""
        return self.column("decile")

    @property
    def people(self) -> str:
        """The column of how many people a share of people is."""
        return self.column("people")

    @property
    def people_outside(self) -> str:
        """The column of how many of these live outside every pocket of their district."""
        return self.column("people_outside_pockets")

    @property
    def outside_pct(self) -> str:
        """The column of the share of these who do, in per cent."""
        return self.column("people_outside_pockets_pct")

    @property
    def withheld(self) -> str:
        """The column that is true where the publisher withholds the value."""
        return self.column("withheld")

    @property
    def link(self) -> str:
        """The column of how an area came of those of the census that the source is of."""
        return self.column("link")

    @property
    def estimated(self) -> str:
        """The column that is true where a value rests on weights or describes more ground."""
        return self.column("estimated")

    @property
    def estimated_pct(self) -> str:
        """The column of the share of a larger area's people whose area has an estimated value."""
        return self.column("estimated_pct")

    def decile_of(self, year: str) -> str:
        """Name the column of deciles that areas had in an earlier edition."""
        return self.column(f"decile_{year}")

    def lasting(self, ending: str) -> str:
        """Name a column of what has lasted over editions, by the end of its name ("tenth")."""
        return self.column(f"lasting_{ending}")

    def own_rank(self, frame: Frame) -> str:
        """Name the column of ranks worked out here, whether or not a publisher has its own."""
        return self.column(f"rank_{frame}")

    def rank_column(self, frame: Frame) -> str:
        """Name the column of ranks in a frame; rank 1 is the worst."""
        return self.rank if frame == "england" and self.rank else self.own_rank(frame)

    def quintile_column(self, frame: Frame) -> str:
        """Name the column of fifths in a frame; 1 is the worst fifth."""
        return self.column(f"quintile_{frame}")

    def cluster_column(self, frame: Frame) -> str:
        """Name the column of local clusters in a frame."""
        return self.column(f"cluster_{frame}")

    def gi_star_column(self, frame: Frame) -> str:
        """Name the column of hot and cold spots by Gi* in a frame."""
        return self.column(f"gi_star_{frame}")

    def gi_star_z_column(self, frame: Frame) -> str:
        """Name the column of Gi* itself in a frame."""
        return self.column(f"gi_star_z_{frame}")


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One release of the Indices of Deprivation and what goes with it.

    ``sources`` maps a role (``lsoa``, ``msoa``, ``districts``, ``names``, ``postcodes``, …) to the
    id of a source record; ``whole`` is the word for all areas of the edition ("England", or
    "the sample"). ``overlap`` lists the layers that count when layers are overlapped: each
    entry is one count, and the worse of its members decides. ``population_year`` is the year of
    the Indices' denominators, ``working_age`` the ages whom the employment domain counts,
    ``district_year`` the year of the districts.
    ``superseded_by`` names what has replaced the edition, if anything has, with its year.
    ``optional`` lists the roles that can be done without and are used only when already at
    hand; ``alternatives`` the ids of further records that can play a role, in order of
    preference after the one of ``sources``; ``earlier`` maps the year of each earlier edition of
    the Indices to the role of its table, in order; ``parameters`` holds what a method must know of
    this edition (the weights of the domains, by the ends of their layers' ids; the weeks counted).
    """

    id: str
    title: str
    whole: str
    fictional: bool
    vintage: int
    boundary_year: int
    population_year: int
    district_year: int
    working_age: str
    overall: str
    overlap: tuple[tuple[str, ...], ...]
    layers: tuple[Layer, ...]
    sources: Mapping[str, str]
    superseded_by: str = ""
    optional: tuple[str, ...] = ()
    alternatives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    earlier: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def __hash__(self) -> int:
        """Return a hash by which what is known of an edition can be found again."""
        return hash(self.id)

    def layer(self, layer_id: str) -> Layer:
        """Return the layer with this id.

        Raises ``AreaError`` naming the known ids when there is none.
        """
        for layer in self.layers:
            if layer.id == layer_id:
                return layer
        raise AreaError(
            f"Edition {self.id} has no layer “{layer_id}”",
            expected=some((layer.id for layer in self.layers), most=20),
            do="use one of these ids",
        )

    def records(self, role: str) -> tuple[str, ...]:
        """Return the ids of the records that can play a role, in the order of preference."""
        return (self.sources[role], *self.alternatives.get(role, ()))

    def of_kind(self, kind: str) -> list[Layer]:
        """Return the layers of a kind, in order."""
        return [layer for layer in self.layers if layer.kind == kind]

    @property
    def shares(self) -> list[Layer]:
        """Return the layers that are shares of people, who can be counted."""
        return [layer for layer in self.layers if layer.share_of]

    def _repr_html_(self) -> str:
        told = {
            "Id": self.id,
            "Areas": f"LSOA and MSOA {self.vintage}, districts of {self.district_year}",
            **{layer.id: f"{layer.title} ({layer.full_unit})" for layer in self.layers},
        }
        return card(self.title, told)


@cache
def editions() -> Mapping[str, Edition]:
    """Return every known edition by id, from ``editions.toml``.

    >>> editions()["2019"].layer("pm25_2021_23").unit
    'µg/m³'
    """
    return read_editions(tomllib.loads(EDITIONS_FILE.read_text(encoding="utf-8")))


def edition(edition_id: str) -> Edition:
    """Return one edition; raises ``AreaError`` naming the known ones when there is none."""
    known = editions()
    if edition_id not in known:
        raise AreaError(
            f"There is no edition “{edition_id}”",
            expected=some(known),
            do="give one of these with --edition",
        )
    return known[edition_id]


def read_editions(records: Mapping[str, Mapping[str, Any]]) -> dict[str, Edition]:
    """Return the editions that some records describe, by id; ``editions.toml`` says how.

    Raises ``InputError`` for what is like something that is not there.
    """
    whole = {key: _inherited(records, key) for key in records}
    known = {entry["id"]: entry for record in whole.values() for entry in record["layers"]}
    return {key: _edition(key, record, known) for key, record in whole.items()}


def _inherited(records: Mapping[str, Mapping[str, Any]], key: str) -> dict[str, Any]:
    """Lay a record over the one it says it is like: key by key, and parameter by parameter.

    An edition names all its own sources: a list of them is not mixed with another edition's. Its
    layers are those it names, behind them the ``same_layers`` of the other, or, without any, all
    those of the other; and ``more_layers``. That the other has been superseded says nothing of it.
    """
    record = dict(records[key])
    like = record.pop("like", None)
    if like is not None:
        _require(like, records, f"edition {key}")
        base = {**_inherited(records, like), "superseded_by": ""}
        both = [each.pop("parameters", {}) for each in (base, record)]
        if "sources" in record:
            base.pop("optional", None)
        shared = _shared(record.pop("same_layers", ()), base["layers"], f"edition {key}")
        if "layers" in record:
            record["layers"] = [*record["layers"], *shared]
        record = {**base, **record, "parameters": laid_over(*both)}
    record["layers"] = [*record["layers"], *record.pop("more_layers", ())]
    return record


def _shared(
    ids: Iterable[str], layers: Iterable[Mapping[str, Any]], where: str
) -> list[Mapping[str, Any]]:
    """Return the layers of another edition that one shares with it, in the order it names them."""
    known = {entry["id"]: entry for entry in layers}
    for layer_id in ids:
        _require(layer_id, known, where)
    return [known[layer_id] for layer_id in ids]


def _edition(
    key: str, record: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]
) -> Edition:
    optional = record.get("optional", {})
    played = {
        role: (ids,) if isinstance(ids, str) else tuple(ids)
        for role, ids in {**record["sources"], **optional}.items()
    }
    lists = {
        "layers": tuple(_layer(entry, known) for entry in record["layers"]),
        "overlap": tuple(tuple(members) for members in record["overlap"]),
        "sources": {role: ids[0] for role, ids in played.items()},
        "alternatives": {role: ids[1:] for role, ids in played.items() if len(ids) > 1},
        "optional": tuple(optional),
    }
    return Edition(id=key, **{**record, **lists})


def _layer(entry: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> Layer:
    """Return a layer; its columns' names, and those of the layer it is like, hold its own id."""
    whole = _like_another(entry, known)
    columns = {name: whole[name].format(id=entry["id"]) for name in COLUMNS if name in whole}
    return Layer(**{**whole, **columns})


def _like_another(
    entry: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]], above: tuple[str, ...] = ()
) -> dict[str, Any]:
    own = dict(entry)
    like = own.pop("like", None)
    if like is None:
        return own
    others = {key: other for key, other in known.items() if key not in (*above, own["id"])}
    _require(like, others, f"layer {own['id']}")
    return {**_like_another(others[like], known, (*above, own["id"])), **own}


def _require(like: str, known: Mapping[str, Any], where: str) -> None:
    if like not in known:
        raise InputError(
            f"like = “{like}” leads nowhere",
            where=where,
            expected=some(known, most=20),
            do=f"correct it in {EDITIONS_FILE.name}",
        )
