"""Gradients: how a layer differs between the least and the most deprived areas.

Every layer is such that high is worse, so a positive gradient means worse where deprivation is
greater. A gradient describes areas. It is no cause and no individual risk, and a layer that is
itself part of the measure of deprivation is circular: it may be described, but its interval and its
ratios would mean nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd
from scipy import stats

from geo.errors import InputError, some
from geo.stats.covariance import Matrix, conley, hc3
from geo.stats.standardise import CONFIDENCE

AREAS_FOR_TENTHS = 50
AREAS_FOR_FIFTHS = 20
AREAS_FOR_SLOPE = 3
REACH_M = 4_000.0
"""Areas nearer to each other than this are taken to be alike in part (Bartlett kernel)."""

PLACE = ("easting", "northing")

_NONE = float("nan")


@dataclass(frozen=True, kw_only=True, eq=False)
class Gradient:
    """What `gradient` found, in the layer's unit unless said otherwise; NaN where no answer.

    ``areas`` were used and ``missing`` left out for want of a value; ``population`` lives in
    those used. ``fitted_least`` and ``fitted_most`` are the line's values at ridit 0 and 1;
    ``slope`` (the slope index of inequality) is their difference and ``relative`` (the relative
    index) their ratio, with 95% limits that allow for the likeness of neighbours, and under
    ``_hc3`` those that do not. ``least`` and ``most`` are the values of the least and
    the most deprived of ``parts`` equal parts of the population (0 where there are too few
    areas), ``gap`` their difference, ``ratio`` their ratio. ``groups`` has one row a part, 1 =
    most deprived: ``areas``, ``population``, ``value``.
    """

    areas: int
    missing: int
    population: float
    circular: bool
    fitted_least: float
    fitted_most: float
    slope: float
    slope_lower: float
    slope_upper: float
    relative: float
    relative_lower: float
    relative_upper: float
    slope_lower_hc3: float
    slope_upper_hc3: float
    relative_lower_hc3: float
    relative_upper_hc3: float
    parts: int
    least: float
    most: float
    gap: float
    ratio: float
    groups: pd.DataFrame

    def row(self) -> dict[str, object]:
        """Return everything but the groups, as one row of a table."""
        return {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if field.name != "groups"
        }


@dataclass(frozen=True, kw_only=True)
class _Line:
    """A fitted line: its values at ridit 0 and 1, and the covariances of intercept and slope.

    ``covariances`` are kept by the ending of the names of their limits.
    """

    least: float
    most: float
    covariances: Mapping[str, Matrix]
    freedom: int


def gradient(
    values: pd.Series,
    deprivation: pd.Series,
    population: pd.Series,
    *,
    centroids: pd.DataFrame | None = None,
    pooled_by: pd.Series | None = None,
    circular: bool = False,
) -> Gradient:
    """Measure how ``values`` rise from the least to the most deprived areas.

    All are indexed by ``area_code``; a high ``deprivation`` is worse. Areas are placed at their
    `ridits`. A line is fitted to the areas by least squares, weighted by population: slope index
    SII = fit(1) − fit(0), relative index RII = fit(1) / fit(0), none if fit(0) ≤ 0. Limits:
    Conley's covariance with a Bartlett kernel of `REACH_M` on ``centroids`` (columns easting and
    northing, m; without them only the limits by HC3), Student's t with n − 2 degrees of freedom;
    for the RII by the delta method on its logarithm, none if fit(1) ≤ 0.

    Parts are tenths of the population from 50 areas, fifths from 20, none below; an area belongs
    to the part in which the midpoint of its population falls. A part's value is the mean of its
    areas weighted by ``pooled_by`` (population unless given; expected deaths make it observed
    over expected, households a share of households).

    Areas without a value, a deprivation, people's number or a centroid are left out. There is no
    line for fewer than three areas or where all are equally deprived. A layer that is the same
    everywhere has SII 0 and RII 1, and no limits; a ``circular`` one has neither limits nor
    ratios. Raises ``InputError`` for negative weights.
    """
    weights = population if pooled_by is None else pooled_by
    places = pd.DataFrame(
        {"value": values, "deprivation": deprivation, "population": population, "weight": weights}
    ).reindex(values.index)
    if centroids is not None:
        places = places.join(centroids[list(PLACE)])
    known = places.astype("float64").dropna().sort_index()
    _require_weights(known)
    known = known[known["population"] > 0]
    known["ridit"] = ridits(known["deprivation"], known["population"])
    groups = _groups(known)
    line = _line(known)
    least, most = (groups["value"].iloc[end] if len(groups) else _NONE for end in (-1, 0))
    found = Gradient(
        areas=len(known),
        missing=len(places) - len(known),
        population=float(known["population"].sum()),
        circular=circular,
        **_indices(line, limits=not circular and known["value"].nunique() > 1),
        parts=len(groups),
        least=float(least),
        most=float(most),
        gap=float(most - least),
        ratio=float(most / least) if least > 0 else _NONE,
        groups=groups,
    )
    return without_ratios(found) if circular else found


def without_ratios(found: Gradient) -> Gradient:
    """Leave out the relative index and the ratio: of a circular layer, or one with no true zero."""
    return replace(
        found,
        relative=_NONE,
        relative_lower=_NONE,
        relative_upper=_NONE,
        relative_lower_hc3=_NONE,
        relative_upper_hc3=_NONE,
        ratio=_NONE,
    )


def ridits(deprivation: pd.Series, population: pd.Series) -> pd.Series:
    """Place areas on a scale from 0, the least deprived person, to 1, the most deprived.

    An area's ridit is the share of the population that lives in less deprived areas plus half the
    share in areas as deprived as itself.

    >>> people = pd.Series([100, 100, 200])
    >>> ridits(pd.Series([1.0, 5.0, 5.0]), people).tolist()
    [0.125, 0.625, 0.625]
    """
    people = population.astype("float64").reindex(deprivation.index)
    level = people.groupby(deprivation).sum().sort_index()
    middle = level.cumsum() - level / 2
    return deprivation.map(middle / level.sum()).astype("float64")


def _require_weights(known: pd.DataFrame) -> None:
    wrong = known.index[(known[["population", "weight"]] < 0).any(axis=1)]
    if len(wrong):
        raise InputError(
            "Populations or weights are negative", expected="0 or more", found=some(wrong)
        )


def _groups(known: pd.DataFrame) -> pd.DataFrame:
    """Return areas, population and value of each part of the population, 1 = most deprived."""
    parts = _number_of_parts(len(known))
    columns = {"areas": "int64", "population": "float64", "value": "float64"}
    if not parts:
        return pd.DataFrame(columns=list(columns)).astype(columns).rename_axis("part")
    # Rounded so that a midpoint on an edge does not depend on the order of additions.
    below = np.floor(((1 - known["ridit"]) * parts).round(9)).clip(upper=parts - 1)
    part = (below.astype("int64") + 1).rename("part")
    sums = known.assign(product=known["value"] * known["weight"]).groupby(part).sum()
    result = pd.DataFrame(
        {
            "areas": known.groupby(part).size(),
            "population": sums["population"],
            "value": sums["product"] / sums["weight"].where(sums["weight"] > 0),
        }
    )
    result = result.reindex(range(1, parts + 1)).rename_axis("part")
    return result.fillna({"areas": 0, "population": 0.0}).astype(columns)


def _number_of_parts(areas: int) -> int:
    if areas >= AREAS_FOR_TENTHS:
        return 10
    return 5 if areas >= AREAS_FOR_FIFTHS else 0


def _line(known: pd.DataFrame) -> _Line | None:
    """Fit the line by weighted least squares, with the covariances of its coefficients."""
    if len(known) < AREAS_FOR_SLOPE or known["ridit"].nunique() < 2:
        return None
    root = np.sqrt(known["population"].to_numpy())
    design = np.column_stack([root, root * known["ridit"].to_numpy()])
    outcome = root * known["value"].to_numpy()
    intercept, slope = np.linalg.solve(design.T @ design, design.T @ outcome)
    residuals = outcome - design @ np.array([intercept, slope])
    covariances = {"_hc3": hc3(design, residuals)}
    if set(PLACE) <= set(known):
        places = known[list(PLACE)].to_numpy()
        covariances[""] = conley(design, residuals, places, reach_m=REACH_M)
    return _Line(
        least=float(intercept),
        most=float(intercept + slope),
        covariances=covariances,
        freedom=len(known) - 2,
    )


def _indices(line: _Line | None, *, limits: bool) -> dict[str, float]:
    """Return the two indices of inequality with their limits, from a fitted line."""
    ends = [f"{index}_{end}" for index in ("slope", "relative") for end in ("lower", "upper")]
    names = ["fitted_least", "fitted_most", "slope", "relative", *ends]
    found = dict.fromkeys([*names, *(f"{end}_hc3" for end in ends)], _NONE)
    if line is None:
        return found
    found |= {"fitted_least": line.least, "fitted_most": line.most, "slope": line.most - line.least}
    if line.least > 0:
        found["relative"] = line.most / line.least
    if limits:
        for ending, covariance in line.covariances.items():
            pairs = zip(ends, _limits(line, covariance), strict=True)
            found |= {f"{end}{ending}": limit for end, limit in pairs}
    return found


def _limits(line: _Line, covariance: Matrix) -> tuple[float, float, float, float]:
    """Return the limits of the slope and of the relative index; NaN where there are none."""
    t = float(stats.t.ppf((1 + CONFIDENCE) / 2, line.freedom))
    slope, margin = line.most - line.least, t * _root(covariance[1, 1])
    if not (line.least > 0 and line.most > 0):
        return slope - margin, slope + margin, _NONE, _NONE
    step = np.array([1 / line.most - 1 / line.least, 1 / line.most])
    factor = float(np.exp(t * _root(step @ covariance @ step)))
    relative = line.most / line.least
    return slope - margin, slope + margin, relative / factor, relative * factor


def _root(variance: float) -> float:
    """Return the standard error; NaN where the estimate of the variance is negative."""
    return float(np.sqrt(variance)) if variance >= 0 else _NONE
