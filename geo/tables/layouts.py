"""Which of the accepted layouts of its record a file has: seen from its contents, never its name.

First by its kind, then by its sheets and headings: it has the layout of which fewest headings are
lacking, and that of the record itself where two have as few.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from geo.errors import InputError, SourceError
from geo.files.file_kinds import misfit, require_format
from geo.sources import Source
from geo.tables.headings import find_columns
from geo.tables.sheets import Sheet, read_sheet


def layout_of(path: Path, source: Source) -> Source:
    """Return a record in the layout that a file has; where none fits, in the nearest.

    Raises ``SourceError`` for a file that is of no kind which the record accepts, or is damaged.
    """
    forms = _of_its_kind(path, source)
    for table in source.tables:
        if len(forms) == 1:
            break
        forms = _nearest(path, forms, table)[0]
    return forms[0]


def open_table(path: Path, source: Source, table: str) -> tuple[Source, Sheet]:
    """Open a table of a file in the layout that it has, and return the record in that layout.

    Each sheet is read once. Raises ``SourceError`` as `layout_of` does, and what the nearest layout
    has to say (see `read_sheet`) where the table cannot be opened in any, naming all.
    """
    forms, opened = _nearest(path, _of_its_kind(path, source), table)
    found = opened[forms[0].layout]
    if isinstance(found, Sheet):
        return forms[0], found
    if isinstance(found, SourceError):
        raise found
    raise InputError(
        found.what,
        where=found.where,
        expected=f"{found.expected}{named_layouts(source)}",
        found=found.found,
        do=found.do,
    ) from found


def named_layouts(source: Source) -> str:
    """Name the layouts in which the contents of a record are accepted, to follow what these are.

    Nothing where there is but one.
    """
    if not source.layouts:
        return ""
    names = [
        f"in {f'the layout “{form.layout}”' if form.layout else 'its own layout'}"
        f" ({PurePosixPath(form.path).name})"
        for form in source.accepted
    ]
    return f", {' or '.join(names)}"


def _of_its_kind(path: Path, source: Source) -> list[Source]:
    """Return a record in the layouts that are of the kind which a file is, one at least."""
    require_format(path, source)
    return [form for form in source.accepted if misfit(path, form) is None]


def _nearest(
    path: Path, forms: Iterable[Source], table: str
) -> tuple[list[Source], dict[str, Sheet | InputError | SourceError]]:
    """Return the layouts of which fewest headings of a table are lacking, and what each opened."""
    sheets: dict[tuple[object, ...], Sheet | InputError | SourceError] = {}
    lacking: dict[str, float] = {}
    opened = {}
    listed = list(forms)
    for form in listed:
        spec = form.tables[table]
        place = (form.format, spec.member, spec.sheet, spec.header, spec.headings)
        if place not in sheets:
            sheets[place] = _opened(path, form, table)
        opened[form.layout] = found = sheets[place]
        lacking[form.layout] = (
            find_columns(found, spec).lacking if isinstance(found, Sheet) else math.inf
        )
    least = min(lacking.values())
    return [form for form in listed if lacking[form.layout] == least], opened


def _opened(path: Path, form: Source, table: str) -> Sheet | InputError | SourceError:
    try:
        return read_sheet(path, form, table)
    except (InputError, SourceError) as problem:
        return problem
