"""Numbers as readers see them, in every sentence, table, chart and legend."""

from __future__ import annotations

import math


def written(form: str, value: float) -> str:
    """Write a number with a true minus sign; what rounds to nought has no sign.

    >>> written("{:.1f}", -2.0), written("{:.1f}", -0.04), written("{:,.0f}%", 1234.0)
    ('−2.0', '0.0', '1,234%')
    """
    said = form.format(value)
    if not math.isnan(value) and not any(digit in said for digit in "123456789"):
        said = form.format(0.0)
    return said.replace("-", "−")


def with_decimals(value: float, decimals: int) -> str:
    """Write a number with so many decimals, thousands apart.

    >>> with_decimals(-1234.5678, 2), with_decimals(-0.004, 2)
    ('−1,234.57', '0.00')
    """
    return written(f"{{:,.{decimals}f}}", value)
