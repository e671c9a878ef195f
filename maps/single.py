"""One profile on its own: of an MSOA, a pocket or a district that somebody asks for."""

from __future__ import annotations

import re

from boundaries.names import Selection
from geo.codes import nearest_names
from geo.errors import AreaError, some
from layers.assemble import assemble
from layers.borough import Borough
from layers.files import Files
from layers.geography import Geography
from maps.profile import borough_profile, context_of, msoa_profile, pocket_profile, region_of

POCKET_ID = re.compile(r"(E0[6-9]\d{6})-E01\d{6}")


def single_profile(files: Files, text: str, *, among: Selection | None = None) -> str:
    """Return the page of an MSOA (by its code), a pocket (by its id) or a district.

    Comparable places are looked for in the districts ``among``; without them there are none. The
    page links to other profiles as if it stood in a site, and to nothing else. Raises ``AreaError``
    for a place that nobody knows.
    """
    geography = Geography(files)
    wanted = text.strip().upper()
    msoas = geography.msoas()["lad_code"]
    pocket = POCKET_ID.fullmatch(wanted)
    home = str(msoas[wanted]) if wanted in msoas.index else _district(geography, text, pocket)
    codes = dict.fromkeys([home, *(among.codes if among else ())])
    place = among.name if among else str(geography.districts[home])
    boroughs = [assemble(files, code, place=place) for code in codes]
    series = boroughs[0].fuel_series
    own = series[series["lad_code"] == home] if len(series) else None
    context = context_of(boroughs[0], region_of(boroughs), fuel_series=own, linked=())
    if pocket:
        return pocket_profile(context, _known_pocket(wanted, boroughs[0]))
    return msoa_profile(context, wanted) if wanted in msoas.index else borough_profile(context)


def _district(geography: Geography, text: str, pocket: re.Match[str] | None) -> str:
    """Return the code of the one district that a text names, or that a pocket is in."""
    found = geography.select(pocket[1] if pocket else text)
    if len(found.codes) == 1:
        return found.codes[0]
    raise AreaError(
        f"“{text.strip()}” is {len(found.codes)} districts, and a profile is of one place",
        expected="the code of an MSOA, the id of a pocket, or a district",
        do="name one of the districts, or build the site of all of them",
    )


def _known_pocket(pocket_id: str, borough: Borough) -> str:
    ids = [str(code) for code in borough.pockets.index]
    if pocket_id in ids:
        return pocket_id
    raise AreaError(
        f"{borough.name} has no pocket “{pocket_id}”",
        expected=some(ids, most=40) or "nothing: no pocket was found there",
        found=f"the nearest is {some(nearest_names(pocket_id, ids, most=1))}" if ids else "",
        do="give one of these ids; they stand in data/pockets.csv of a built site",
    )
