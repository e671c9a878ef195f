"""How far a fitted line could be off: covariances of the coefficients of least squares.

Both take the weighted design and the residuals of a fit, each row multiplied by the root of its
weight, and none assumes that errors are spread alike. HC3 (MacKinnon and White 1985, *Journal of
Econometrics* 29) takes them to be independent; Conley's (1999, *Journal of Econometrics* 92) allows
for the likeness of areas that lie near one another.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.spatial import KDTree

Matrix = NDArray[np.floating[Any]]


def hc3(design: Matrix, residuals: Matrix) -> Matrix:
    """Return the covariance of the coefficients under independent errors of unequal spread.

    An area that alone decides the line leaves no residual of its own: all entries are NaN.
    """
    bread = np.linalg.inv(design.T @ design)
    scores = design * (residuals / _left(design, bread))[:, None]
    return _sandwich(bread, scores.T @ scores)


def conley(design: Matrix, residuals: Matrix, places: Matrix, *, reach_m: float) -> Matrix:
    """Return the covariance of the coefficients where errors of near areas are alike.

    ``places`` has each area's easting and northing (m). With scores s = x e and d the distance of
    two areas,

        V = n / (n − k) · (X'X)⁻¹ [Σᵢ Σⱼ K(dᵢⱼ) sᵢ sⱼ'] (X'X)⁻¹,   K(d) = max(0, 1 − d / reach)

    for n areas and k coefficients: the Bartlett kernel, with the factor that makes it HC1 where no
    two areas lie within ``reach_m`` of each other. On a plane this kernel can give a negative
    variance; it is returned as it is. NaN where one area alone decides the line, as in `hc3`.
    """
    areas, coefficients = design.shape
    bread = np.linalg.inv(design.T @ design)
    scores = design * np.where(np.isnan(_left(design, bread)), np.nan, residuals)[:, None]
    tree = KDTree(places)
    near = tree.sparse_distance_matrix(tree, reach_m, output_type="ndarray")
    kernel = coo_array((1 - near["v"] / reach_m, (near["i"], near["j"])), shape=(areas, areas))
    meat = scores.T @ (kernel @ scores) * areas / (areas - coefficients)
    return _sandwich(bread, meat)


def _left(design: Matrix, bread: Matrix) -> Matrix:
    """Return what of each area's error its residual holds, 1 − leverage; NaN where nothing."""
    leverage = np.einsum("ij,jk,ik->i", design, bread, design)
    return np.asarray(np.where(leverage < 1 - 1e-9, 1 - leverage, np.nan))


def _sandwich(bread: Matrix, meat: Matrix) -> Matrix:
    return np.asarray(bread @ meat @ bread)
