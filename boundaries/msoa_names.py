"""Finding a neighbourhood (MSOA) by its code or its name; several districts may share a name."""

from __future__ import annotations

import pandas as pd

from geo.codes import normal_name
from geo.errors import AreaError, some


def find_msoa(text: str, msoas: pd.DataFrame) -> str | None:
    """Return the code of the one MSOA that a text names, None when there is none.

    ``msoas`` holds area_name and lad_name by code. The text is a code, a name, or a name with its
    district after a comma, as people type them. Raises ``AreaError`` listing them when several
    MSOAs have the name.

    >>> msoas = pd.DataFrame({"area_name": ["Luton"], "lad_name": ["Medway"]}, index=["E02003331"])
    >>> find_msoa("e0200 3331", msoas), find_msoa("luton, medway", msoas)
    ('E02003331', 'E02003331')
    """
    code = "".join(text.split()).upper()
    if code in msoas.index:
        return code
    wanted = normal_name(text)
    names = msoas["area_name"].map(normal_name)
    full = names + " " + msoas["lad_name"].map(normal_name)
    found = msoas[(names == wanted) | (full == wanted)]
    if len(found) > 1:
        places = found["lad_name"] + " (" + found.index + ")"
        raise AreaError(
            f"“{text.strip()}” is the name of {len(found)} neighbourhoods",
            found=some(places, most=10),
            do="give the code, or the district after the name and a comma",
        )
    return str(found.index[0]) if len(found) else None
