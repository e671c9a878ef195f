"""The district of a neighbourhood: as a file says, brought to a year, and as other files say.

A file tells districts by the codes of its own year. They are brought forward to the year that is
asked for (`boundaries.code_history`), never back: a district that was divided between others, or
made later, leads to none for sure. Where two files disagree, neither is corrected: the one that
is read counts, and the other is reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from boundaries.code_history import made_after, name_in, of_one_line, what_became
from boundaries.names import common_name
from geo.checks import Check
from geo.codes import normal_name
from geo.errors import some

A_FEW = 5
"""No more areas than this in another district are a note, however small the file."""
MOST_APART = 0.001
"""A greater share of areas in another district than this, and more than a few, is a failure."""


def brought_forward(told: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the columns lad_code and lad_name of a table as the districts were in a year.

    >>> told = pd.DataFrame({"lad_code": ["E07000151"], "lad_name": ["Daventry"]}, ["E01027008"])
    >>> brought_forward(told, 2022).loc["E01027008"].tolist()
    ['E06000062', 'West Northamptonshire']
    """
    pairs = told.drop_duplicates("lad_code").set_index("lad_code")["lad_name"]
    codes = {code: what_became(code, year) for code in pairs.index}
    names = {code: name_in(codes[code], year) or name for code, name in pairs.items()}
    columns = {"lad_code": told["lad_code"].map(codes), "lad_name": told["lad_code"].map(names)}
    return pd.DataFrame(columns).assign(lad_name=lambda table: table["lad_name"].map(common_name))


def district_problems(told: pd.DataFrame, year: int) -> Iterator[str]:
    """Say what keeps the districts of a table from being those of a year."""
    pairs = told[["lad_code", "lad_name"]].drop_duplicates()
    later = pairs[pairs["lad_code"].isin(made_after(year))]
    if len(later):
        listed = some(f"{code} {name}" for code, name in later.itertuples(index=False))
        yield f"districts made after {year}, the year of the districts here ({listed})"
    plain = pairs.assign(lad_name=pairs["lad_name"].map(normal_name)).drop_duplicates()
    several = plain.loc[plain["lad_code"].duplicated(), "lad_code"].unique()
    if len(several):
        yield f"districts under more than one name ({some(several)})"


def district_check(placed: pd.DataFrame, said: pd.Series, *, title: str) -> Check:
    """Compare the districts that a file says with those that neighbourhoods are placed in.

    ``placed`` holds lad_code and lad_name by ``area_code``; ``said`` the codes that the file
    called ``title`` has, one for each row of an area. A code of another year is no conflict where
    the one district became part of the other. A few areas apart are shown and neither right nor
    wrong; more than `MOST_APART` of them, or none in common, is a failure.
    """
    rows = pd.DataFrame({"area_code": said.index, "there": said.to_numpy()}).drop_duplicates()
    both = rows.merge(placed[["lad_code"]], left_on="area_code", right_index=True)
    pairs = both[["there", "lad_code"]].drop_duplicates().itertuples(index=False, name=None)
    apart = pd.MultiIndex.from_tuples(
        [pair for pair in pairs if not of_one_line(*pair)], names=["there", "lad_code"]
    )
    off = both[pd.MultiIndex.from_frame(both[["there", "lad_code"]]).isin(apart)]
    count, areas = both["area_code"].nunique(), off["area_code"].nunique()
    right = None if 0 < areas <= max(A_FEW, MOST_APART * count) else count > 0 and not areas
    strange = rows.loc[~rows["area_code"].isin(placed.index), "area_code"].nunique()
    return Check(
        name=f"{title}: districts of LSOAs",
        expected=f"{count:,} LSOAs in the district that they are placed in",
        found=f"{count - areas:,} in it{_listed(off, placed)}",
        ok=right,
        note=f"LSOAs of the file that are not of this edition: {strange:,}." if strange else "",
    )


def _listed(off: pd.DataFrame, placed: pd.DataFrame) -> str:
    """List the areas that another file puts elsewhere, with both districts."""
    names: Mapping[str, str] = dict(zip(placed["lad_code"], placed["lad_name"], strict=True))
    told = [
        f"{area} is in {_called(here, names)}, there in {_called(there, names)}"
        for area, there, here in off.sort_values(["area_code", "there"]).itertuples(index=False)
    ]
    return f"; {some(told)}" if told else ""


def _called(code: str, names: Mapping[str, str]) -> str:
    return f"{names[code]} ({code})" if code in names else code
