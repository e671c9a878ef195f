"""Numbers, shares, ranks and years as readers see them: the one writer of them.

Sentences, tables, charts and legends of every product take their numbers from here, and the script
of the borough's page, which writes its own, is held to one table of cases with this module
(tests/maps/look/numbers.toml). Half-way cases go to the even digit; a minus is a true
one, and what rounds to nought has none.
"""

from __future__ import annotations

import math

from layers.kinds.registry import kind_of
from layers.layer import Edition, Layer

NO_VALUE = "no value"
"""What is said of a number that is missing."""
DASH = "–"
"""What stands for it in a cell among many."""
AREAS_CALLED = {"LSOA": ("small area", "small areas"), "MSOA": ("neighbourhood", "neighbourhoods")}
"""What readers call the areas of each geography: one, and several."""
DEPRIVATION, AMOUNT = ("most deprived", "least deprived"), ("highest", "lowest")
"""The two ends of an order by deprivation, and of any other, the one to worry about first."""
TOO_FEW_TO_RANK = "too few areas to rank"
"""Why a place has no rank and no fifth among the areas of its borough."""

TOO_FEW_POCKETS = "too few pockets"
"""Why a pocket is in no fifth of the pockets of its borough."""

ONLY_POCKET = "the only pocket"
"""Why a pocket has no rank among the pockets of its borough."""

_TENTHS = {1: "tenth", 2: "fifth", 3: "three tenths", 4: "two fifths", 5: "half"}
_PARTS = {10: "tenth", 5: "fifth"}


def written(form: str, value: float) -> str:
    """Write a number by a form, with a true minus sign; what rounds to nought has no sign.

    >>> written("{:.1f}", -2.0), written("{:.1f}", -0.04), written("{:,.0f}%", 1234.0)
    ('−2.0', '0.0', '1,234%')
    """
    said = form.format(value)
    if not math.isnan(value) and not any(digit in said for digit in "123456789"):
        said = form.format(0.0)
    return said.replace("-", "−")


def numeral(value: float, decimals: int = 0) -> str:
    """Write a number with so many decimals, thousands apart.

    >>> numeral(1884), numeral(-1234.5678, 2), numeral(-0.004, 2)
    ('1,884', '−1,234.57', '0.00')
    """
    return written(f"{{:,.{decimals}f}}", value)


def trimmed(value: float) -> str:
    """Write a number with the decimals that it has, thousands apart.

    >>> trimmed(40.0), trimmed(0.25), trimmed(32844)
    ('40', '0.25', '32,844')
    """
    return written("{:,.10g}", value)


def percentage(percent: float, decimals: int = 0) -> str:
    """Write a number of per cent.

    >>> percentage(12.34, 1), percentage(10)
    ('12.3%', '10%')
    """
    return f"{numeral(percent, decimals)}%"


def or_dash(text: str, value: float) -> str:
    """Return a text about a number, or a dash where the number is missing.

    >>> or_dash("0.87", 0.87), or_dash("nan", math.nan)
    ('0.87', '–')
    """
    return DASH if math.isnan(value) else text


def between(low: float, high: float, decimals: int = 0) -> str:
    """Write the two ends of a range.

    >>> between(0.5, 2.104, 2)
    '0.50 to 2.10'
    """
    return f"{numeral(low, decimals)} to {numeral(high, decimals)}"


def value_with_limits(
    value: float, limits: tuple[float, float], decimals: int, *, unit: str = "", named: bool = True
) -> str:
    """Write a number with its unit and its 95% limits, as far as they are known.

    The limits are not named where a heading says what they are.

    >>> value_with_limits(17.2, (14.2, 20.3), 1, unit=" µg/m³")
    '17.2 µg/m³ (95% limits 14.2 to 20.3)'
    >>> value_with_limits(1.2, (0.5, 2.1), 2, named=False)
    '1.20 (0.50 to 2.10)'
    >>> value_with_limits(17.2, (math.nan, math.nan), 1)
    '17.2'
    """
    said = f"{numeral(value, decimals)}{unit}"
    if any(map(math.isnan, limits)):
        return said
    return f"{said} ({'95% limits ' if named else ''}{between(*limits, decimals)})"


def percent_of(part: float, whole: float) -> str:
    """Give a share in per cent that never rounds some to 0%, or most to 100%.

    >>> percent_of(62, 100), percent_of(2, 1000), percent_of(999, 1000), percent_of(0, 0)
    ('62%', 'less than 1%', 'more than 99%', '0%')
    """
    if part <= 0 or whole <= 0:
        return "0%"
    percent = 100 * part / whole
    if percent < 1:
        return "less than 1%"
    return "more than 99%" if percent > 99 and part < whole else percentage(percent)


def share_in_words(part: float, whole: float) -> str:
    """Give a share as in `percent_of`, nothing and everything in words.

    >>> share_in_words(62, 100), share_in_words(0, 10), share_in_words(10, 10)
    ('62%', 'none', 'all')
    """
    if part <= 0:
        return "none"
    return "all" if part >= whole else percent_of(part, whole)


def tenths_in_words(tenths: int) -> str:
    """Name a share given in tenths.

    >>> tenths_in_words(2), tenths_in_words(7)
    ('fifth', '70%')
    """
    return _TENTHS.get(tenths, percentage(10 * tenths))


def part_in_words(parts: int) -> str:
    """Name one of so many equal parts.

    >>> part_in_words(10), part_in_words(5), part_in_words(0)
    ('tenth', 'fifth', 'part')
    """
    return _PARTS.get(parts, "part")


def ordinal(number: int) -> str:
    """Write a rank in a sentence.

    >>> [ordinal(number) for number in (1, 2, 3, 4, 11, 12, 13, 21, 1203)]
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '1,203rd']
    """
    teen = number % 100 in (11, 12, 13)
    ending = "th" if teen else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{numeral(number)}{ending}"


def ends_of(layer: Layer) -> tuple[str, str]:
    """Name the two ends of a layer's order, the one to worry about first.

    >>> from layers.layer import edition
    >>> ends_of(edition("2019").layer("imd_2019_crime"))
    ('most deprived', 'least deprived')
    >>> ends_of(edition("2019").layer("no2_2021_23"))
    ('highest', 'lowest')
    """
    return DEPRIVATION if kind_of(layer).circular else AMOUNT


def fifths_of(layer: Layer) -> tuple[str, ...]:
    """Name the five fifths of a layer's order, the one to worry about first.

    >>> from layers.layer import edition
    >>> fifths_of(edition("2019").layer("fuel_poverty_2020"))
    ('highest fifth', '2nd fifth', 'middle fifth', '4th fifth', 'lowest fifth')
    """
    first, last = ends_of(layer)
    return (f"{first} fifth", "2nd fifth", "middle fifth", "4th fifth", f"{last} fifth")


def fifth(number: float, layer: Layer) -> str:
    """Name a fifth of a layer's order, 1 the one to worry about.

    >>> from layers.layer import edition
    >>> fuel = edition("2019").layer("fuel_poverty_2020")
    >>> fifth(1, fuel), fifth(3, fuel), fifth(math.nan, fuel)
    ('highest fifth', 'middle fifth', 'no value')
    """
    return NO_VALUE if math.isnan(number) else fifths_of(layer)[int(number) - 1]


def counted(number: int, one: str, many: str = "") -> str:
    """Count things in words that agree with their number.

    >>> counted(1, "LSOA"), counted(1200, "LSOA"), counted(2, "person", "people")
    ('1 LSOA', '1,200 LSOAs', '2 people')
    """
    return f"{numeral(number)} {one if number == 1 else many or f'{one}s'}"


def in_year(text: str, year: int) -> str:
    """Date a count of people by the year of the estimates that it is from.

    >>> in_year("919 people", 2015)
    '919 people (mid-2015)'
    """
    return f"{text} (mid-{year})"


def people_in(edition: Edition) -> str:
    """Head a column of people with their year.

    >>> from layers.layer import edition
    >>> people_in(edition("2019"))
    'People (mid-2015)'
    """
    return in_year("People", edition.population_year)


def suffix_of(layer: Layer) -> str:
    """Return what follows a value of a layer: its unit, but for a score and a ratio.

    >>> from layers.layer import edition
    >>> layers = edition("2019").layer
    >>> suffix_of(layers("fuel_poverty_2020")), suffix_of(layers("no2_2021_23"))
    ('%', ' µg/m³')
    >>> suffix_of(layers("imd_2019"))
    ''
    """
    if layer.unit == "%":
        return "%"
    return "" if layer.unit in {"score", "ratio"} else f" {layer.unit}"


def amount(value: float, layer: Layer) -> str:
    """Give a value with the decimals and the unit of its layer.

    >>> from layers.layer import edition
    >>> layers = edition("2019").layer
    >>> amount(13.25, layers("fuel_poverty_2020")), amount(9.0, layers("no2_2021_23"))
    ('13.2%', '9.0 µg/m³')
    >>> amount(-0.327, layers("imd_2019_crime")), amount(math.nan, layers("imd_2019"))
    ('−0.33', 'no value')
    >>> amount(0.488, layers("imd_2019_income"))
    '48.8%'
    """
    if math.isnan(value):
        return NO_VALUE
    return f"{written(layer.form, value).removesuffix('%')}{suffix_of(layer)}"


def people_counted(count: float, layer: Layer, year: int) -> str:
    """Say how many people a share of people is; nothing where that is not known.

    >>> from layers.layer import edition
    >>> people_counted(919.4, edition("2019").layer("imd_2019_income"), 2015)
    'about 919 people (mid-2015)'
    """
    if math.isnan(count):
        return ""
    one = layer.share_of.replace("people", "person", 1)
    return in_year(f"about {counted(round(count), one, layer.share_of)}", year)
