"""One profile on its own: of an MSOA, a pocket or a district that somebody asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress

from boundaries.ground import Ground
from boundaries.msoa_names import find_msoa
from boundaries.names import Selection
from geo.codes import nearest_names
from geo.errors import AreaError, some
from layers.borough.assemble import assemble
from layers.borough.borough import Borough
from layers.borough.country import Country
from maps.profiles.context import context_of, peers_of
from maps.profiles.profile import borough_profile, msoa_profile, pocket_profile

POCKET_ID = re.compile(r"(E0[6-9]\d{6})-?(E01\d{6})")


def single_profile(
    country: Country,
    text: str,
    *,
    among: Selection | None = None,
    say: Callable[[str], object] = lambda said: None,
) -> str:
    """Return the page of an MSOA (by code or name), a pocket (by its id) or a district.

    Comparable places are looked for in the districts ``among``; without them there are none. The
    page links to other profiles as if it stood in a site, and to nothing else. ``say`` is told how
    the text was understood where that is not plain. Raises ``AreaError`` for a place that nobody
    knows.
    """
    ground = country.ground
    pocket = POCKET_ID.fullmatch(re.sub(r"[^A-Z0-9-]", "", text.replace("–", "-").upper()))
    msoa = None if pocket else _msoa(ground, text, say)
    if msoa:
        home = str(ground.msoas()["lad_code"][msoa])
    else:
        home = _district(ground, pocket[1] if pocket else text, say)
    codes = dict.fromkeys([home, *(among.codes if among else ())])
    place = among.name if among else str(ground.districts[home])
    boroughs = [assemble(country, code, place=place) for code in codes]
    context = context_of(boroughs[0], peers_of(boroughs), linked=())
    if pocket:
        return pocket_profile(context, _known_pocket(f"{pocket[1]}-{pocket[2]}", boroughs[0]))
    return msoa_profile(context, msoa) if msoa else borough_profile(context)


def _msoa(ground: Ground, text: str, say: Callable[[str], object]) -> str | None:
    """Return the MSOA that a text names, unless a district of the edition has the very name."""
    msoas = ground.msoas()
    with suppress(AreaError):
        district = ground.select(text)
        if len(district.codes) == 1 and not district.notes:
            namesakes = msoas.index[msoas["area_name"] == district.name]
            if len(namesakes):
                say(f"{district.name} is also the name of {some(namesakes)}, a neighbourhood")
            return None
    return find_msoa(text, msoas)


def _district(ground: Ground, text: str, say: Callable[[str], object]) -> str:
    """Return the code of the one district that a text names."""
    try:
        found = ground.select(text)
    except AreaError as unknown:
        names = {*ground.districts, *ground.msoas()["area_name"]}
        nearest = nearest_names(text, sorted(names), most=5)
        raise AreaError(
            f"No district, neighbourhood or pocket is called “{text.strip()}”",
            expected="the code or the name of an MSOA, the id of a pocket, or a district",
            found=f"the nearest names are {some(nearest)}" if nearest else "no similar name",
            do=unknown.do,
        ) from None
    if len(found.codes) == 1:
        for note in found.notes:
            say(note)
        return found.codes[0]
    raise AreaError(
        f"“{text.strip()}” is {len(found.codes)} districts, and a profile is of one place",
        expected="the code or the name of an MSOA, the id of a pocket, or a district",
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
