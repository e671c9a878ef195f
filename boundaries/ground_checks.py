"""What was noticed while boundaries were read and places found, for the quality report."""

from __future__ import annotations

import pandas as pd

from boundaries.districts import district_check
from boundaries.ground import LEVELS, Ground, Level
from boundaries.layout import find_layout, read_fields, telling_fields, vector_of
from boundaries.postcodes import NEAREST_M, is_points
from boundaries.shapes import MOST_MENDED_SHARE
from geo.checks import Check
from geo.crs import known_crs
from geo.errors import some


def ground_checks(ground: Ground) -> list[Check]:
    """Return, for each level, how many shapes were mended and how the file differs from its record.

    A file in the other coordinate system, or without the centroids that the record asks for, is
    read; that is said only where it is so. Then come the MSOAs that lie in several districts, and
    the districts that the file of postcodes says.
    """
    return [
        *(check for level in LEVELS for check in _of_level(ground, level)),
        _whole_msoas(ground.lookup),
        *_of_postcodes(ground),
        *_of_points(ground),
    ]


def _whole_msoas(lookup: pd.DataFrame) -> Check:
    """Say which MSOAs lie in more than one district."""
    held = lookup.value_counts(["msoa_code", "lad_name"], sort=False)
    districts = held.groupby("msoa_code").size()
    divided = districts.index[districts > 1]
    told = [
        f"{code} ({', '.join(f'{name} {lsoas}' for name, lsoas in held[code].items())})"
        for code in divided
    ]
    return Check(
        name="MSOAs that lie in one district",
        expected=f"all {len(districts):,}",
        found=f"all but {len(divided):,}: {some(told)}" if told else f"all {len(districts):,}",
        ok=None if told else True,
        note="Each is counted in the district that holds most of its LSOAs." if told else "",
    )


def _of_postcodes(ground: Ground) -> list[Check]:
    """Compare the districts that the file of postcodes says, where it says any."""
    said = ground.postcode_districts()
    title = ground.files.source("postcodes").title
    return [] if said is None else [district_check(ground.lookup, said, title=title)]


def _of_points(ground: Ground) -> list[Check]:
    """Say how many postcodes were placed by a point outside all areas, or not at all."""
    source = ground.files.source("postcodes")
    if not is_points(source):
        return []
    outside = ground.outside_m()
    near, left = outside[outside > 0], outside.isna().sum()
    farthest = f", at most {near.max():,.0f} m away" if len(near) else ""
    return [
        Check(
            name=f"{source.title}: points outside every neighbourhood",
            expected=f"none, or the nearest one within {NEAREST_M:,} m",
            found=f"{len(near):,} of {len(outside):,} given to the nearest{farthest}; "
            f"{left:,} farther out or without coordinates left out",
            ok=None if len(near) or left else True,
        )
    ]


def _of_level(ground: Ground, level: Level) -> list[Check]:
    source = ground.files.source(level)
    layout = find_layout(ground.files.path(level), source)
    change = ground.mended(level)
    touched = change.dropna()
    codes = f" ({some(touched.index)})" if len(touched) else ""
    spec, title = vector_of(source), f"Boundaries of {level.upper()}s"
    checks = [
        Check(
            name=f"{title}: shapes that crossed themselves and were mended",
            expected=f"none, or each with the area it had, to within {MOST_MENDED_SHARE:.0%}",
            found=f"{len(touched):,} of {len(change):,}{codes}",
            ok=None if len(touched) else True,
            note=f"at most {touched.abs().max():,.1f} m² of difference" if len(touched) else "",
        )
    ]
    found = known_crs(layout.crs)
    if found != source.crs:
        checks.append(
            Check(
                name=f"{title}: coordinate system",
                expected=str(source.crs),
                found=str(found),
                ok=None,
                note="moved by the pinned transformation",
            )
        )
    path = ground.files.path(level)
    if spec.easting and "easting" not in telling_fields(read_fields(path, layout), spec):
        checks.append(
            Check(
                name=f"{title}: centroids",
                expected=f"the publisher's ({spec.easting}, {spec.northing})",
                found="the file has none that tell them apart: those of the shapes",
                ok=None,
            )
        )
    return checks
