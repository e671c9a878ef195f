"""Area codes (GSS codes such as ``E01006512``), and the names of areas as text.

Sources and people write one name in several ways; they are compared in one plain form. The search
of the pages has the same rule in JavaScript (``plainName``); a test holds the two together.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

import pandas as pd

from geo.errors import CodeError, some

GSS = re.compile(r"[EWSN]\d{8}")
_APOSTROPHES = "'\u2018\u2019\u201b\u02bc\u02b9\u2032`\u00b4"
_NO_APOSTROPHES = str.maketrans("", "", _APOSTROPHES)


def is_code(text: str) -> bool:
    """Say whether a text has the shape of one GSS code.

    >>> is_code("E08000012"), is_code("Liverpool")
    (True, False)
    """
    return GSS.fullmatch(text) is not None


def normal_name(name: str) -> str:
    """Reduce a name to the form in which two spellings of one place are equal.

    Accents and apostrophes go, “&” is “and”, “Saint” before a name is “St”, and whatever else is
    neither a Latin letter nor a digit is a space.

    >>> normal_name("St.Helens") == normal_name("Saint Helens") == normal_name("ST  HELENS")
    True
    >>> normal_name("King’s Lynn & West Norfolk")
    'kings lynn and west norfolk'
    """
    bare = name.translate(_NO_APOSTROPHES)
    bare = re.sub("[\u0300-\u036f']", "", unicodedata.normalize("NFKD", bare)).lower()
    words = " ".join(re.sub("[^a-z0-9]+", " ", bare.replace("&", " and ")).split())
    return re.sub(r"\bsaint (?=.)", "st ", words)


def slug(name: str) -> str:
    """Turn a name into a folder's name.

    >>> slug("St. Helens"), slug("Bristol, City of")
    ('st-helens', 'bristol-city-of')
    """
    return normal_name(name).replace(" ", "-")


def folder_names(names: Mapping[str, str], *, taken: Collection[str] = ()) -> dict[str, str]:
    """Return the name of a folder for each named code, no two the same and none that is taken.

    It is the slug of the name; where that is not enough to tell one from another, with the code.

    >>> folder_names({"E06000001": "St. Ives", "E06000002": "St Ives", "E06000003": "Ely"})
    {'E06000001': 'st-ives-e06000001', 'E06000002': 'st-ives-e06000002', 'E06000003': 'ely'}
    """
    slugs = {code: slug(name) for code, name in names.items()}
    refused = {
        "",
        *taken,
        *(found for found, count in Counter(slugs.values()).items() if count > 1),
    }
    return {
        code: "-".join(filter(None, (found, code.lower()))) if found in refused else found
        for code, found in slugs.items()
    }


def join_names(names: Iterable[str]) -> str:
    """Join names into one, and take those that contain “&” apart first, so that the whole reads.

    Where a name has an “and” of its own, commas alone divide them.

    >>> join_names(["Kirkdale North", "Kirkdale South & Vauxhall"])
    'Kirkdale North, Kirkdale South and Vauxhall'
    >>> join_names(["Cheshire West and Chester", "Halton"])
    'Cheshire West and Chester, Halton'
    """
    parts = list(dict.fromkeys(part.strip() for name in names for part in name.split("&")))
    if len(parts) < 2 or any(" and " in part for part in parts):
        return ", ".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def nearest_names(name: str, known: Iterable[str], *, most: int = 3) -> list[str]:
    """Return the known names closest in spelling to a mistyped one, nearest first.

    >>> nearest_names("Liverpol", ["Leeds", "Liverpool", "Hartlepool"], most=1)
    ['Liverpool']
    """
    by_normal = {normal_name(entry): entry for entry in known}
    wanted = normal_name(name)
    inside = [entry for normal, entry in by_normal.items() if wanted and wanted in normal]
    close = difflib.get_close_matches(wanted, by_normal, n=most, cutoff=0.5)
    return list(dict.fromkeys([*inside, *(by_normal[match] for match in close)]))[:most]


def require_unique(codes: pd.Index, *, where: str) -> None:
    """Refuse codes that occur more than once; raises ``CodeError`` naming the first five."""
    repeated = codes[codes.duplicated()].unique()
    if len(repeated):
        raise CodeError(
            f"{len(repeated):,} area codes occur more than once",
            where=where,
            expected="each code once",
            found=some(repeated),
            do="remove the repeated rows from the file, or fetch it again",
        )
