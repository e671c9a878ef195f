"""The layouts that publishers use and the mirror does not, each made from the mirror's own files.

A cut reads what it needs of a mirror and writes one file. What a publisher has and the mirror
lacks (Wales, ended postcodes, sub-domains) is invented, and never looks like a real area's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.publishers.cuts.populations import single_years
from tests.publishers.cuts.postcodes import postcodes_2011, postcodes_2021
from tests.publishers.cuts.tables import names_2011, names_2021, subdomains_2019, subdomains_2025
from tests.publishers.cuts.workbooks import a_year_on, sheets_of_domains

CUTS: Mapping[str, Callable[[Path, Path], None]] = {
    "a_year_on": a_year_on,
    "names_2011": names_2011,
    "names_2021": names_2021,
    "postcodes_2011": postcodes_2011,
    "postcodes_2021": postcodes_2021,
    "sheets_of_domains": sheets_of_domains,
    "single_years": single_years,
    "subdomains_2019": subdomains_2019,
    "subdomains_2025": subdomains_2025,
}
