"""What became of every district, in words: counts, failures, and the unusual ones by name."""

from __future__ import annotations

import pandas as pd

BUILT = "built"
FEWEST = 5
"""A borough of fewer areas has no fifths."""

HEAD = """\
# The soak

Made by `make soak`, which works out every district of an edition and draws its page, its profile,
the ground of its printed maps and its tables, some districts to a process. It shows that each can
be built, not that what is said of it is right: that is what the tests are for. Printed maps and
atlases are not drawn.
"""


def report(found: pd.DataFrame, edition: str) -> str:
    """Return the report of a soak: ``found`` has a row a district (see `scripts.dev.soak`)."""
    built = found[found["outcome"] == BUILT]
    failed = found[found["outcome"] != BUILT]
    lines = [
        HEAD,
        f"## {edition}",
        "",
        "| | |",
        "|---|---|",
        f"| districts | {len(found)} |",
        f"| built | {len(built)} |",
        f"| failed | {len(failed)} |",
        f"| neighbourhoods (LSOAs) | {built['lsoas'].sum():,} |",
        f"| areas (MSOAs) | {built['msoas'].sum():,} |",
        f"| pockets | {built['pockets'].sum():,} |",
        "",
        _failures(failed),
        "",
        "Unusual ones, all of them built:",
        "",
        _named("no pockets", built[built["pockets"] == 0]),
        _named("one neighbourhood", built[built["lsoas"] == 1]),
        _named(f"fewer than {FEWEST} areas (MSOAs)", built[built["msoas"] < FEWEST]),
        _named("no district near", built[built["districts_near"] == 0]),
        _named("boundaries that do not meet corner by corner", built[~built["fits"].astype(bool)]),
        _most("most neighbourhoods", built["lsoas"], built["name"]),
        _most("most pockets", built["pockets"], built["name"]),
    ]
    return "\n".join([*lines, ""])


def _failures(failed: pd.DataFrame) -> str:
    if failed.empty:
        return "None failed."
    rows = [f"| {row['name']} ({code}) | {row['outcome']} |" for code, row in failed.iterrows()]
    return "\n".join(["| failed | why |", "|---|---|", *rows])


def _named(what: str, rows: pd.DataFrame) -> str:
    return f"- {what}: {len(rows)}" + (f" ({', '.join(sorted(rows['name']))})" if len(rows) else "")


def _most(what: str, counts: pd.Series, names: pd.Series) -> str:
    if counts.empty:
        return f"- {what}: none"
    most = counts.sort_values(ascending=False, kind="stable").head(1)
    return f"- {what}: {names.reindex(most.index).iloc[0]} ({most.iloc[0]})"
