"""What the name of a pocket says, taken apart again to be compared with who lives where."""

from __future__ import annotations

import re

import pandas as pd

END = re.compile(r" \((?:(?P<ward>.+) ward|around (?P<lsoa>.+))\)$")


def require_true_names(names: pd.Series, lsoa: pd.DataFrame) -> None:
    """Assert of names of pockets by id that each says where the pocket's people live.

    ``lsoa`` has msoa_name, lad_code, population, area_name and ``pocket_id`` of whole boroughs.
    """
    borough = names.index.str[:9]
    assert not pd.Series(names.to_numpy()).groupby([borough, names.to_numpy()]).size().gt(1).any()
    whole = lsoa.groupby(["lad_code", "msoa_name"])["population"].sum()
    for pocket, inside in lsoa[lsoa["pocket_id"].isin(names.index)].groupby("pocket_id"):
        people = inside.groupby("msoa_name")["population"].sum()
        told = END.sub("", names[pocket]).split(" / ")
        said = [re.sub("^[Pp]art of ", "", place) for place in told]
        assert set(said) <= set(people.index), names[pocket]
        own = people[said]
        assert own.is_monotonic_decreasing
        assert own.iloc[-1] == people.nlargest(len(said)).iloc[-1]
        assert (len(said) == 1) == (own.iloc[0] >= 0.6 * people.sum() or len(people) == 1)
        parts = [place != bare for place, bare in zip(told, said, strict=True)]
        halves = [2 * own[bare] < whole[pocket[:9], bare] for bare in said]
        assert parts == halves, names[pocket]
        assert all(place[0] == "p" for place, part in zip(told[1:], parts[1:], strict=True) if part)
        end = END.search(names[pocket])
        if end and end["lsoa"]:
            assert end["lsoa"] in set(inside["area_name"])
