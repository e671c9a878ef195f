"""Postcodes inside a page: small enough to carry, and readable without decoding.

A postcode such as ``L4 4AB`` is kept under its sector (``L4 4``) as the two letters of its unit, in
the string of the area it lies in: ``{"L4 4": {"17": "ABAD…"}}``, some three characters a postcode.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from boundaries.postcodes import POSTCODE


def sectors(postcodes: pd.Series[str], area_codes: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the units of each sector by the position of their area in ``area_codes``.

    ``postcodes`` gives each postcode's area code. Postcodes of other areas, and texts that are no
    postcode, are left out.

    >>> sectors(pd.Series({"L4 4AB": "E2", "L4 4AD": "E2", "L44ZZ": "E1"}), ["E1", "E2"])
    {'L4 4': {'0': 'ZZ', '1': 'ABAD'}}
    """
    places = {code: place for place, code in enumerate(area_codes)}
    found: dict[str, dict[int, list[str]]] = {}
    for postcode, area_code in postcodes.items():
        match = re.fullmatch(POSTCODE, str(postcode).strip().upper())
        if match is None or area_code not in places:
            continue
        outward, digit, unit = match.groups()
        sector = found.setdefault(f"{outward} {digit}", {})
        sector.setdefault(places[area_code], []).append(unit)
    return {
        sector: {str(place): "".join(sorted(units)) for place, units in sorted(areas.items())}
        for sector, areas in sorted(found.items())
    }
