"""How likely a sum of a few of many values is, worked out and not drawn.

The sum of k of n values drawn without replacement has one distribution, whichever area asks. How
many sets of k have each sum is the k-th elementary symmetric polynomial of the values' characters
e^(iθx). It follows, frequency by frequency, from their power sums by Newton's identities, and the
m-th power sum is the Fourier transform of the values' histogram at mθ. One pass over k = 1, 2, …
serves every area; the sets that hold the area itself are left out for it by inclusion and
exclusion. Probabilities are right to about twelve digits, and there is no seed.

Values are placed on a grid of equal steps first. A sum of k is then out by k / 2 steps at most, and
sums that close to the one observed are counted as equal to it, in both tails: what is returned is
never less than the exact probability, and equal sums are equal whatever they are the sums of.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import fft

_RESOLVED = 1e-12
_ROOM = 2**23
_NEGLIGIBLE = 1e-17
_ROUNDING = 1e-6

_Floats = NDArray[np.float64]
_Whole = NDArray[np.int64]


def tails_of_sums(
    values: _Floats, focal: _Whole, sizes: _Whole, sums: _Floats, *, steps: int
) -> _Floats:
    """Return how likely a sum at most as high, and one at least as high, as each observed is.

    Each of ``sums`` is of as many ``values`` as ``sizes`` says, without the one at its position in
    ``focal``. Chance is any set of that size of the others, each as likely as another. The array
    has a row for each tail and a column for each sum, and nothing in it under 1e-12. ``steps`` is
    into how many the way from the lowest value to the highest is divided, fewer where sums are of
    so many values that it would take more than a quarter of a gigabyte.

    >>> values, first = np.array([0.0, 1.0, 2.0, 4.0]), np.array([0])
    >>> tails_of_sums(values, first, np.array([2]), np.array([5.0]), steps=64).round(6)
    array([[0.666667],
           [0.666667]])
    """
    number = len(values)
    others = values.sum() - values[focal] - sums
    turned = 2 * sizes > number - 1
    fewer = np.where(turned, number - 1 - sizes, sizes)
    largest = int(fewer.max(initial=0))
    tails = np.ones((2, len(focal)))
    if largest == 0 or np.ptp(values) == 0:
        return tails
    reach = _reach(number, largest)
    unit = np.ptp(values) / min(steps, _ROOM // (largest * reach))
    lowest = values.min()
    grid = np.rint((values - lowest) / unit).astype(np.int64)
    wanted = (np.where(turned, others, sums) - fewer * lowest) / unit
    for size, below in enumerate(_cumulated(grid, largest, reach), start=1):
        asked = np.flatnonzero(fewer == size)
        slack = size / 2 + _ROUNDING
        highest = np.floor(wanted[asked] + slack).astype(np.int64)
        under = np.ceil(wanted[asked] - slack).astype(np.int64) - 1
        itself = grid[focal[asked]]
        tails[0, asked] = _at_most(highest, itself, size, below, number)
        tails[1, asked] = 1 - _at_most(under, itself, size, below, number)
    tails[:, turned] = tails[::-1, turned]
    return tails.clip(_RESOLVED, 1)


def _cumulated(grid: _Whole, largest: int, reach: int) -> Iterator[Sequence[_Floats]]:
    """Yield, for sets of 1, 2, … values, how likely a sum is at most 0, 1, 2, … steps.

    Before it stand those of smaller sets, as far as they are of use: the first is of the set's own
    size, the next of one fewer, down to the empty set.
    """
    number = len(grid)
    length = fft.next_fast_len(largest * int(grid.max()) + 1, real=True)
    half = np.arange(length // 2 + 1)
    whole = fft.fft(np.bincount(grid, minlength=length) / number)
    powers = [whole[half * power % length] for power in range(1, reach + 1)]
    transforms = deque([np.ones(len(half), dtype=complex)], maxlen=reach)
    cumulated = deque([np.ones(length)], maxlen=reach + 1)
    for size in range(1, largest + 1):
        shares = -_signed_ratios(number, size, reach) * number / size
        terms = zip(shares[1:], transforms, powers, strict=False)
        transform = sum(share * smaller * power for share, smaller, power in terms)
        transforms.appendleft(transform)
        cumulated.appendleft(np.cumsum(fft.irfft(transform, length)))
        yield cumulated


def _at_most(
    steps: _Whole, itself: _Whole, size: int, below: Sequence[_Floats], number: int
) -> _Floats:
    """Return how likely a sum is at most so many steps among the sets that lack the value itself.

    Sets without it are all sets, less those with it: sets of one fewer without it, and so on.
    ``below`` is what `_cumulated` yields.
    """
    shares = _signed_ratios(number, size, len(below) - 1) * number / (number - size)
    total = np.zeros(len(steps))
    for fewer, (share, cumulated) in enumerate(zip(shares, below, strict=False)):
        rest = steps - fewer * itself
        known = cumulated[rest.clip(0, len(cumulated) - 1)]
        total += share * np.where(rest < 0, 0.0, known)
    return total


def _signed_ratios(number: int, size: int, reach: int) -> _Floats:
    """Return (-1)^m × sets of size - m / sets of size, of so many values, for m = 0, 1, … reach."""
    fewer = np.arange(min(reach, size))
    return np.cumprod(np.concatenate([[1.0], -(size - fewer) / (number - size + 1 + fewer)]))


def _reach(number: int, largest: int) -> int:
    """Return beyond how many fewer values sets are too few to count beside the largest ones."""
    ratios = np.abs(_signed_ratios(number, largest, largest))
    return int(max(1, (ratios >= _NEGLIGIBLE).sum() - 1))
