"""Names that a borough gives its pockets itself, in a small file of its own.

The file is TOML with a line for each: the pocket's id, then its name.

    "E08000012-E01006755" = "Everton and Vauxhall"
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from geo.codes import nearest_names, normal_name
from geo.errors import InputError, some

LONGEST = 60
"""The longest name, in letters: what the list of pockets and the label on the map hold."""
_MARKUP = re.compile(r"[<>]|&#?\w+;")
_DO = "correct these lines, and build again; nothing of the file is used until all of it holds"


@dataclass(frozen=True, kw_only=True)
class OwnNames:
    """A file of names, as it was read: the ``names`` of pockets by id, and its ``contents``."""

    names: tuple[tuple[str, str], ...]
    contents: bytes = field(repr=False)
    where: str = field(default="", compare=False)

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the file's contents."""
        return hashlib.sha256(self.contents).hexdigest()

    def settings(self) -> dict[str, object]:
        """Return the file as settings to print with the result."""
        return {"own_names": len(self.names), "own_names_sha256": self.sha256}

    def over(self, made: pd.Series) -> pd.Series:
        """Return the names of all pockets of an edition, ``made`` but for those of the file.

        ``made`` holds names by pocket id. Raises ``InputError`` with every name of the file that is
        for no pocket, or that another pocket of the borough has.
        """
        own = pd.Series(dict(self.names), dtype="str")
        problems = [*_unknown(own, made.index), *_shared(own, made)]
        if problems:
            raise _refused(self.where, problems)
        named = made.copy()
        named[own.index] = own
        return named


def read_own_names(path: Path) -> OwnNames:
    """Read a file of names; raises ``InputError`` with everything that is wrong with it.

    Whether there are such pockets is found out by `OwnNames.over`.
    """
    contents = _contents(path)
    try:
        found = tomllib.loads(contents.decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        raise _refused(path, [f"it is not text in UTF-8: {problem}"]) from problem
    except tomllib.TOMLDecodeError as problem:
        raise _refused(path, [f"it is not valid TOML: {problem}"]) from problem
    problems = [problem for key, name in found.items() for problem in _problems(key, name)]
    if problems:
        raise _refused(path, problems)
    names = tuple(sorted((key, name.strip()) for key, name in found.items()))
    return OwnNames(names=names, contents=contents, where=str(path))


def _contents(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise _refused(path, [problem.strerror or str(problem)]) from problem


def _problems(key: str, name: object) -> Iterator[str]:
    """Say what is wrong with one line, whatever pockets there are."""
    if not isinstance(name, str):
        yield f"{key}: {name!r:.40} is no text"
        return
    if not name.strip():
        yield f"{key}: the name is empty"
    if len(name.strip()) > LONGEST:
        yield f"{key}: “{name.strip():.20}…” has {len(name.strip())} letters"
    if any(unicodedata.category(letter)[0] == "C" or letter in "\u2028\u2029" for letter in name):
        yield f"{key}: {name!a:.40} has control characters"
    if _MARKUP.search(name):
        yield f"{key}: “{name:.40}” has markup"


def _unknown(own: pd.Series, pockets: pd.Index) -> Iterator[str]:
    """Say which ids are no pocket's, and which of the same borough is meant."""
    for key in own.index.difference(pockets):
        beside = [str(one) for one in pockets if str(one)[:9] == key[:9].upper()]
        near = nearest_names(key, beside, most=1) or beside[:1]
        meant = f"; did you mean {near[0]}?" if near else ", and its borough has none"
        yield f"there is no pocket {key}{meant}"


def _shared(own: pd.Series, made: pd.Series) -> Iterator[str]:
    """Say which names several pockets of a borough would have."""
    both = made.copy()
    known = own.index.intersection(made.index)
    both[known] = own[known]
    borough = both.index.astype("str").str[:9]
    for _, alike in both.groupby([borough, both.map(normal_name)]):
        if len(alike) > 1 and alike.index.isin(known).any():
            yield f"{' and '.join(alike.index)} would both be “{alike.iloc[0]}”"


def _refused(where: Path | str, problems: list[str]) -> InputError:
    return InputError(
        "The file of names is not used"
        if len(problems) == 1
        else f"The file of names is not used, for {len(problems)} reasons",
        where=str(where),
        expected=f'a line for each pocket, "id" = "name", with a name of 1 to {LONGEST} letters '
        "without markup that no other pocket of its borough has",
        found=some(problems, most=len(problems)),
        do=_DO,
    )
