"""The column dictionary: what every column of every table means, generated from the records.

The words come from the layers (editions.toml), from the sources, from one short table of rules
(columns.toml) that explains a column by its suffix, and from the records of kinds for what only
their layers have: a new layer is explained as it is added.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from geo.errors import InputError, some
from layers.indicators import BEHIND, Indicator, indicators
from layers.kinds.kind import ColumnRule, worded
from layers.kinds.reading import OVER_YEARS
from layers.kinds.registry import kind_of
from layers.layer import Edition, Layer
from layers.wards import WARDS

if TYPE_CHECKING:
    from geo.sources import Source

EARLIER_EDITIONS = "earlier"
"""The key of the sources behind what is said of earlier editions, and the end of their rules."""
_YEAR = re.compile(r"_(\d{4})$")

RULES_FILE = Path(__file__).with_name("columns.toml")
FIELDS = (
    "tables",
    "title",
    "unit",
    "direction",
    "geography",
    "vintage",
    "period",
    "source",
    "licence",
    "caveat",
    "made",
)
AREA_ROLES: Mapping[str, tuple[str, ...]] = {
    "boundaries": ("boundaries", "lsoa"),
    "msoa": ("msoa",),
    "districts": ("districts",),
    "names": ("names",),
    WARDS: (WARDS,),
}
"""The roles of sources that can stand behind a name in a rule's ``source``, the first there is."""

Sources: TypeAlias = "Mapping[str, Sequence[Source]]"


def dictionary(
    edition: Edition, columns: Mapping[str, Iterable[str]], sources: Sources
) -> pd.DataFrame:
    """Explain every column of the tables, one row a column, in the order of the tables.

    ``columns`` maps a table's name to its columns (its index's name among them); ``sources`` maps
    a layer's id, and a role of the ground (``lsoa``, ``districts``, ``names``), to the sources
    that were used. The frame is indexed by ``column`` and has the `FIELDS`, all text. Raises
    ``InputError`` naming every column that nobody can explain.
    """
    tables: dict[str, list[str]] = {}
    for table, names in columns.items():
        for name in names:
            tables.setdefault(name, []).append(table)
    entries = {name: explain(name, edition, sources) for name in tables}
    unknown = [name for name, entry in entries.items() if entry is None]
    if unknown:
        raise InputError(
            f"{len(unknown)} columns of the tables have no explanation",
            where=", ".join(sorted({table for name in unknown for table in tables[name]})),
            expected="a layer's value, or an entry in layers/table/columns.toml",
            found=some(unknown, most=20),
            do="add a rule for the suffix, or for the column, to layers/table/columns.toml or to "
            "the record of the layer's kind",
        )
    rows = [
        {"column": name, "tables": " ".join(tables[name]), **entry}
        for name, entry in entries.items()
        if entry is not None
    ]
    return pd.DataFrame(rows, columns=["column", *FIELDS]).set_index("column")


def explain(column: str, edition: Edition, sources: Sources) -> dict[str, str] | None:
    """Explain one column, or return None where no rule does."""
    layer = layer_of_column(column, edition)
    if layer is not None:
        return _of_layer(column, layer, edition, sources)
    for indicator in indicators(edition).values():
        if column in indicator.columns:
            return _of_indicator(column, indicator, edition, sources)
    rule = column_rules()["plain"].get(column)
    return None if rule is None else _of_area(rule, edition, sources)


def layer_of_column(column: str, edition: Edition) -> Layer | None:
    """Find the layer a column belongs to: its value, or the longest id that begins its name.

    >>> from layers.layer import edition
    >>> layer_of_column("imd_2019_income_rank_borough", edition("2019")).id
    'imd_2019_income'
    """
    owners = [layer for layer in edition.layers if layer.owns(column)]
    return max(owners, key=lambda layer: (column == layer.value, len(layer.id)), default=None)


@cache
def column_rules() -> Mapping[str, Mapping[str, ColumnRule]]:
    """Return the rules of columns.toml by name, in the groups that its head explains."""
    found: Mapping[str, Mapping[str, ColumnRule]] = tomllib.loads(
        RULES_FILE.read_text(encoding="utf-8")
    )
    return found


def _of_layer(
    column: str, layer: Layer, edition: Edition, sources: Sources
) -> dict[str, str] | None:
    used = sources.get(layer.id, ())
    made = worded(kind_of(layer).made, edition, used)
    rule = _value_rule(made) if column == layer.value else _suffix_rule(column, layer)
    if rule is None:
        return None
    also = sources.get(rule.get("also", ""), ())
    words = _words(edition, sources) | {
        "earlier": _year_at_end(layer.ending(column)),
        "title": layer.title,
        "short": layer.short,
        "unit": layer.column_unit,
        "geography": layer.geography,
        "weight": layer.weight,
        "counted_as": layer.counted_as,
        "ranking": layer.ranking,
    }
    carried = layer.geography == "MSOA"
    own = "MSOA, carried down to its LSOAs for display" if carried else layer.geography
    quiet = not layer.ranks_in_words and "_rank" in column.removeprefix(layer.id)
    caveats = (
        rule.get("caveat", ""),
        column_rules()["unspoken"]["rank"]["caveat"] if quiet else "",
    )
    return _entry(rule, words, [*used, *also]) | {
        "geography": rule.get("geography", own),
        "period": layer.period,
        "caveat": " ".join(filter(None, (*caveats, layer.caveat))),
    }


def _of_indicator(
    column: str, indicator: Indicator, edition: Edition, sources: Sources
) -> dict[str, str]:
    used = sources.get(BEHIND, ())
    if indicator.ranks:
        used = used[-1:]
    rule = column_rules()["indicator"][_indicator_rule(column, indicator)]
    words = _words(edition, sources) | {
        "title": indicator.title,
        "unit": indicator.unit,
        "worse": indicator.worse,
        "counted": indicator.counted,
        "scale": f", × {indicator.scale:g}" if indicator.scale != 1 else "",
    }
    period = indicator.period or _listed(source.period for source in used[:1])
    return _entry(rule, words, used) | {
        "period": period,
        "caveat": " ".join(filter(None, (rule.get("caveat", ""), indicator.caveat))),
    }


def _indicator_rule(column: str, indicator: Indicator) -> str:
    """Name the rule that explains a column of an indicator, or of a sub-domain, which has ranks."""
    tenth = "tenth" if indicator.ranks else ""
    rules = {
        indicator.column: tenth or ("share" if indicator.of else "mean"),
        indicator.people: "tenth_people" if tenth else "people",
        indicator.covers: "covers_pct",
        **dict(zip(indicator.ranks, ("rank", "decile"), strict=False)),
    }
    return rules[column]


def _value_rule(made: str) -> ColumnRule:
    return {"title": "{title}", "unit": "{unit}", "direction": "high is worse", "made": made}


def _suffix_rule(column: str, layer: Layer) -> ColumnRule | None:
    ending = layer.ending(column)
    rules = column_rules()["layer"]
    own = rules.get(ending) or kind_of(layer).columns.get(ending)
    return own or rules.get(_YEAR.sub(f"_{EARLIER_EDITIONS}", ending))


def _year_at_end(ending: str) -> str:
    """Return the year with which the end of a column's name ends, or nothing."""
    found = _YEAR.search(ending)
    return found.group(1) if found else ""


def _of_area(rule: ColumnRule, edition: Edition, sources: Sources) -> dict[str, str]:
    found = _behind(rule["source"], edition, sources)
    entry = _entry(rule, _words(edition, sources), found)
    return entry | {"period": entry["period"] or _listed(source.period for source in found)}


def _behind(names: str, edition: Edition, sources: Sources) -> list[Source]:
    """Return the sources that stand behind a rule's ``source``, which names one or several."""
    return [source for name in names.split() for source in _named(name, edition, sources)]


def _named(name: str, edition: Edition, sources: Sources) -> Sequence[Source]:
    if name in {EARLIER_EDITIONS, OVER_YEARS}:
        return sources.get(name, ())
    if name in AREA_ROLES:
        return next((sources[role] for role in AREA_ROLES[name] if role in sources), ())
    layers = {
        "overlap": [member for members in edition.overlap for member in members],
        "layers": [layer.id for layer in edition.layers],
        "regions": [layer.id for layer in edition.layers if kind_of(layer).regions][:1],
    }.get(name, [edition.overall])
    return [source for layer in layers for source in sources.get(layer, ())]


def _words(edition: Edition, sources: Sources) -> dict[str, str]:
    used = {source.id for source in sources.get(EARLIER_EDITIONS, ())}
    earlier = [year for year, role in edition.earlier.items() if edition.sources[role] in used]
    return {
        "editions": ", ".join([*sorted(earlier), edition.id]),
        "whole": edition.whole,
        "population_year": str(edition.population_year),
        "working_age": edition.working_age,
        "vintage": str(edition.vintage),
        "boundary_year": str(edition.boundary_year),
        "district_year": str(edition.district_year),
    }


def _entry(rule: ColumnRule, words: Mapping[str, str], used: Sequence[Source]) -> dict[str, str]:
    named = ("title", "unit", "direction", "period", "caveat", "made")
    texts = {name: rule.get(name, "").format(**words) for name in named}
    return texts | {
        "geography": "that of the table",
        "vintage": words["vintage"],
        "source": _listed(f"{source.publisher}: {source.title}" for source in used),
        "licence": _listed(source.licence for source in used),
    }


def _listed(texts: Iterable[str]) -> str:
    """Join different texts with a semicolon."""
    return "; ".join(dict.fromkeys(texts))
