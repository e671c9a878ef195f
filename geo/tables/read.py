"""Tables out of publishers' files, under our column names, checked against their records.

Every problem of a file is collected and reported at once. White space around headings and codes is
of no account; everything else is. A table is the same in csv as in a workbook: what is accepted or
refused of the one is of the other. It ends after its last code at a row without a key, or with
nothing but a note in the key's cell. No text may be blank. A file is read in whichever accepted
layout of its record it has; rows that the record leaves out are gone before anything is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from geo.codes import GSS
from geo.errors import CodeError, InputError, some
from geo.files.parcels import is_parcel
from geo.sources import CODE, Source, TableSpec
from geo.tables.headings import Positions, columns_of, find_columns
from geo.tables.layouts import named_layouts, open_table
from geo.tables.parts import table_part
from geo.tables.sheets import NUMBERS, OVER, Sheet, read_rows, text_of
from geo.tables.sizes import require_table_size

__all__ = ["read_rows", "read_table"]

_CUT_CODE = r"[A-Za-z]\d*"
"""What is left of a code where a file is cut off, which is no note."""


@dataclass
class _Problems:
    """What is wrong with a table of a record: with its codes, and otherwise."""

    source: Source
    codes: list[str] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)

    def refuse(self, where: str) -> None:
        found, source = self.contents + self.codes, self.source
        if not found:
            return
        area = f" of {source.geography} {source.vintage}" if source.vintage else ""
        raise (CodeError if self.codes else InputError)(
            f"The table of “{source.title}” is not what its record promises",
            where=where,
            expected=f"the contents that the record {source.id} describes{area}"
            f"{named_layouts(source)}",
            found="; ".join(found),
            do="check that this is the right file of the right year, or remove it and fetch it "
            "again; "
            "if the publisher changed it, correct the record",
        )


def read_table(
    path: Path, source: Source, table: str, *, codes: pd.Index | None = None
) -> pd.DataFrame:
    """Return one table of a file, indexed by ``area_code``, in the order of the file.

    Text columns are strings and numbers float64, with NaN for what the publisher withholds; a
    column of counts without a gap is int64. Where ``codes`` is given the table must hold exactly
    these. Raises ``SourceError`` when the file is not of its kind, ``CodeError`` when codes are
    malformed, repeated, of another kind or year, or too few or many, and ``InputError`` for
    anything else that the record does not allow.
    """
    if is_parcel(path):
        path, source = table_part(path, source, table)
    _require_table(source, table)
    form, sheet = open_table(path, source, table)
    spec, problems = form.tables[table], _Problems(source)
    places = find_columns(sheet, spec)
    problems.contents.extend(places.problems)
    _check_kinds(sheet, places, spec, problems)
    if CODE not in places.columns or sheet.kinds:
        problems.refuse(sheet.where)
    taken = _taken(path, sheet, places, form, spec, problems)
    found = _found(taken, places, spec, form, problems)
    del taken
    _give_back()
    _check_codes(found.index, spec, codes, problems)
    _check_values(found, spec, problems)
    problems.refuse(sheet.where)
    return _whole(found, spec)


def _require_table(source: Source, table: str) -> None:
    if table not in source.tables:
        raise InputError(
            f"The record {source.id} has no table “{table}”",
            expected=some(source.tables) or "no table at all",
            do="use one of these names",
        )


def _check_kinds(sheet: Sheet, places: Positions, spec: TableSpec, problems: _Problems) -> None:
    """Refuse columns of another type than text, or than text or numbers where numbers belong."""
    numbers = {place for ours in spec.numbers for place in places.columns.get(ours, ())}
    for place in places.all:
        kind = sheet.kinds.get(place, "")
        if kind and not (place in numbers and kind.startswith(NUMBERS)):
            heading = sheet.head[spec.header - 1][place]
            problems.contents.append(f"the column “{heading}” holds {kind}")


def _taken(
    path: Path,
    sheet: Sheet,
    places: Positions,
    form: Source,
    spec: TableSpec,
    problems: _Problems,
) -> pd.DataFrame:
    """Return the rows that a record does not leave out; of a stream nothing else is ever held."""
    kept: list[pd.DataFrame] = []
    rows, left = 0, Counter[str]()
    for piece in sheet.take(places.all):
        rows += len(piece)
        kept.append(_wanted(piece, places, spec, left))
        size = sum(map(len, kept))
        require_table_size(path, form, rows=size, columns=len(piece.columns), size=0)
    lost = next((heading for heading in places.only if rows and not left[heading]), None)
    if lost is not None:
        told = some(f"“{text}”" if text else "nothing" for text in spec.only[lost])
        problems.codes.append(f"no row that is wanted has {told} under “{lost}”")
    return pd.concat(kept)


def _wanted(
    piece: pd.DataFrame, places: Positions, spec: TableSpec, left: Counter[str]
) -> pd.DataFrame:
    """Return the rows that begin as they should, and count those left by each condition."""
    kept = piece
    for heading, place in places.only.items():
        texts, beginnings = _cleaned(kept[place]), spec.only[heading]
        begun = texts.str.startswith(tuple(filter(None, beginnings)))
        kept = kept[begun | (texts == "") if "" in beginnings else begun]
        left[heading] += len(kept)
    return kept


def _found(
    taken: pd.DataFrame, places: Positions, spec: TableSpec, form: Source, problems: _Problems
) -> pd.DataFrame:
    """Return our columns of the rows of the table proper, by code."""
    keys = _kept(taken, places.columns[CODE][0], spec, form, problems)
    body = taken.loc[keys.index] if len(keys) < len(taken) else taken
    found = _with_rests(_named(body, places.columns, spec, problems), spec)
    return found.set_index(pd.Index(keys, name=CODE))


def _give_back() -> None:
    """Give back what was needed for pieces that have passed; a table of a million rows has many."""
    import pyarrow

    pyarrow.default_memory_pool().release_unused()


def _kept(
    taken: pd.DataFrame, code: int, spec: TableSpec, source: Source, problems: _Problems
) -> pd.Series[str]:
    """Return the codes of the rows of the table proper inside the coverage, by row."""
    keys = _cleaned(taken[code])
    prefixes = source.coverage if spec.prefixes is None else spec.prefixes
    coded = keys.str.fullmatch(GSS.pattern) if prefixes else keys != ""
    if not coded.any() and not problems.codes:
        problems.codes.append(f"the column “{spec.key}” holds no area code: {some(keys.unique())}")
    body = keys[: _end(taken.drop(columns=code), keys, coded)]
    _report_keys(body, coded[: len(body)], problems)
    over = body.index[taken[OVER].iloc[: len(body)] > 0]
    if len(over):
        listed = some(f"row {row}" for row in over)
        problems.contents.append(f"cells to the right of all headings ({listed})")
    inside = coded[: len(body)]
    if prefixes:
        inside = inside & ~_outside(body, prefixes)
        strange = body[inside & ~body.str.startswith(prefixes)]
        if len(strange):
            expected = f"expected beginnings: {some(prefixes, most=12)}"
            problems.codes.append(f"{_count(strange, 'code')} of another kind; {expected}")
    return body[inside]


def _end(others: pd.DataFrame, keys: pd.Series[str], coded: pd.Series[bool]) -> int:
    """Return how many rows the table has: after its last code it ends at a blank key or a note.

    ``others`` are the columns beside the keys.
    """
    places = np.flatnonzero(coded)
    last = int(places[-1]) + 1 if len(places) else 0
    below = others.iloc[last:]
    alone = below[OVER] == 0
    for place in below.columns.drop([OVER]):
        alone &= _cleaned(below[place]) == ""
    note = alone & ~keys[last:].str.fullmatch(_CUT_CODE)
    ends = np.flatnonzero((keys[last:] == "") | note)
    return last + int(ends[0]) if len(ends) else len(keys)


def _report_keys(body: pd.Series[str], coded: pd.Series[bool], problems: _Problems) -> None:
    blank = body.index[body == ""]
    if len(blank):
        rows = some(f"row {row}" for row in blank)
        problems.codes.append(f"{_plural(len(blank), 'row')} without a code ({rows})")
    strange = body[~coded & (body != "")]
    if len(strange):
        problems.codes.append(f"{_count(strange, 'key')} that are no area code")


def _outside(codes: pd.Series[str], prefixes: tuple[str, ...]) -> pd.Series[bool]:
    """Say which codes belong to another nation than the coverage's, such as Wales."""
    nations = tuple({prefix[0] for prefix in prefixes})
    return ~codes.str.startswith(nations)


def _check_codes(
    found: pd.Index, spec: TableSpec, codes: pd.Index | None, problems: _Problems
) -> None:
    whole = not spec.unique or found.is_unique
    repeated = found[:0] if whole else found[found.duplicated()].unique()
    if len(repeated):
        problems.codes.append(f"{_plural(len(repeated), 'code')} more than once ({some(repeated)})")
    if spec.rows is not None and len(found) != spec.rows:
        problems.codes.append(f"{len(found):,} rows instead of {spec.rows:,}")
    if codes is None:
        return
    for what, left in (("missing", codes.difference(found)), ("extra", found.difference(codes))):
        if len(left):
            problems.codes.append(f"{_plural(len(left), f'{what} code')} ({some(left)})")


def _named(
    kept: pd.DataFrame,
    columns: Mapping[str, tuple[int, ...]],
    spec: TableSpec,
    problems: _Problems,
) -> pd.DataFrame:
    """Return our columns, as far as they are there: texts, and numbers in our unit."""
    texts = {ours: _texts(kept[columns[ours][0]]) for ours in spec.text if ours in columns}
    numbers = {
        ours: _sum(kept[list(columns[ours])], ours, spec, problems)
        for ours in spec.numbers
        if ours in columns
    }
    return pd.DataFrame({**texts, **numbers}, index=kept.index)


def _with_rests(found: pd.DataFrame, spec: TableSpec) -> pd.DataFrame:
    """Return our columns, in order, with those worked out that the file does not state."""
    rests = {
        ours: found[whole] - found[others].sum(axis=1, skipna=False)
        for ours, (whole, *others) in spec.rests.items()
        if ours not in found and {whole, *others} <= {*found}
    }
    order = [ours for ours in (*spec.text, *spec.numbers) if ours in {*found, *rests}]
    return found.assign(**rests)[order]


def _sum(parts: pd.DataFrame, ours: str, spec: TableSpec, problems: _Problems) -> pd.Series[float]:
    """Return a column, or the sum of several, in our unit.

    Each part is checked by itself; a sum of which any part is withheld is withheld.
    """
    headings = columns_of(spec)[ours]
    total, *others = (
        _number(parts[place], heading, spec, problems)
        for place, heading in zip(parts, headings, strict=True)
    )
    for part in others:
        total = total + part
    return total * spec.scale.get(ours, 1)


def _number(
    cells: pd.Series[str], heading: str, spec: TableSpec, problems: _Problems
) -> pd.Series[float]:
    if _is_numeric(cells):
        return cells.astype(float)
    texts = _cleaned(cells)
    withheld = texts.isin([text_of(marker) for marker in spec.missing])
    values = pd.to_numeric(texts.where(~withheld), errors="coerce").astype(float)
    wrong = texts[~withheld & ~np.isfinite(values)]
    if len(wrong):
        first = some(f"“{text}” in row {row}" for row, text in wrong.head(3).items())
        problems.contents.append(
            f"“{heading}” holds {_plural(len(wrong), 'cell')} without a number ({first})"
        )
    return values.where(np.isfinite(values))


def _is_numeric(cells: pd.Series[str]) -> bool:
    """Say whether a workbook's column holds nothing but finite numbers."""
    plain = cells.dtype == object and set(map(type, cells)) <= {int, float}
    return plain and bool(np.isfinite(cells.astype(float)).all())


def _check_values(found: pd.DataFrame, spec: TableSpec, problems: _Problems) -> None:
    for ours in spec.text:
        if ours in found and found[ours].isna().any():
            blank = found.index[found[ours].isna()]
            problems.contents.append(
                f"“{spec.heading(ours)}” is blank in {_plural(len(blank), 'row')} ({some(blank)})"
            )
    present = [ours for ours in spec.numbers if ours in found]
    problems.contents.extend(_broken_rules(found[present], spec))
    for ours, parts in spec.sums.items():
        if {ours, *parts} <= set(present):
            off = found.index[(found[list(parts)].sum(axis=1) - found[ours]).abs() > 0.5]
            if len(off):
                problems.contents.append(
                    f"“{spec.heading(ours)}” is not the sum of its {len(parts)} parts in "
                    f"{_plural(len(off), 'row')} ({some(off)})"
                )
    over = found.index.str.startswith(spec.totals_over) if spec.totals_over else slice(None)
    for ours, total in spec.totals.items():
        if ours in found and abs(found.loc[over, ours].sum() - total) > 0.5:
            problems.contents.append(
                f"“{spec.heading(ours)}” adds up to {found.loc[over, ours].sum():,.10g}, "
                f"published {total:,.10g}"
            )


def _broken_rules(numbers: pd.DataFrame, spec: TableSpec) -> Iterator[str]:
    """Test counts and ranges, and say in words what is found; what is missing breaks no rule."""
    rules = _rules(spec)
    for ours in map(str, numbers):
        values = numbers[ours].dropna()
        for rule, holds in rules.get(ours, {}).items():
            broken = values[~holds(values)]
            if len(broken):
                yield (
                    f"“{spec.heading(ours)}” has {_plural(len(broken), 'value')} not {rule} "
                    f"({_cases(broken)})"
                )


def _rules(spec: TableSpec) -> dict[str, dict[str, Callable[[pd.Series[float]], pd.Series[bool]]]]:
    """Return the rules of each column by the words that finish “a value is not …”."""
    rules: dict[str, dict[str, Callable[[pd.Series[float]], pd.Series[bool]]]] = {}
    for ours in spec.counts:
        rules[ours] = {"a whole number": _is_whole, "zero or more": _is_positive}
    for ours, (least, most) in spec.ranges.items():
        between = partial(pd.Series.between, left=least, right=most)
        rules.setdefault(ours, {})[f"between {least:g} and {most:g}"] = between
    return rules


def _is_whole(values: pd.Series[float]) -> pd.Series[bool]:
    return values == values.round()


def _is_positive(values: pd.Series[float]) -> pd.Series[bool]:
    return values >= 0


def _cases(broken: pd.Series[float]) -> str:
    return some((f"{value:g} at {code}" for code, value in broken.items()), most=3)


def _whole(found: pd.DataFrame, spec: TableSpec) -> pd.DataFrame:
    """Return the table with counts as whole numbers, where none of them is missing."""
    complete = [ours for ours in spec.counts if ours in found and found[ours].notna().all()]
    return found.astype(dict.fromkeys(complete, "int64"))


def _cleaned(cells: pd.Series[str]) -> pd.Series[str]:
    """Return cells as text without surrounding white space; an empty cell is ``""``."""
    if cells.dtype != object:
        return cells.fillna("").str.strip()
    texts = [cell.strip() if type(cell) is str else text_of(cell) for cell in cells]
    return pd.Series(texts, index=cells.index, dtype=str)


def _texts(cells: pd.Series[str]) -> pd.Series[str]:
    texts = _cleaned(cells)
    return texts.mask(texts == "")


def _count(items: pd.Series[str], noun: str) -> str:
    listed = some(f"“{text}” in row {row}" for row, text in items.items())
    return f"{_plural(len(items), noun)} ({listed})"


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
