"""The soak: every district of an edition worked out and drawn, and what became of each.

Some districts at a time go to a process of their own, so that one which ends it is told apart and
the rest goes on. What is done stands in a table in the cache, by the code that did it: a soak that
was stopped goes on where it was. At the end docs/soak.md is written. Needs the official files
(``--mirror``, or POCKETS_MIRROR).
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import pandas as pd
import shapely

from boundaries.coverage import NARROW_M
from geo.fetch.plan import cache_folder
from geo.files.cache import key_of
from geo.files.hashes import files_hash
from geo.files.whole_files import write_text
from layers.borough.assemble import assemble
from layers.borough.borough import Borough
from layers.borough.country import Country
from layers.commands import DEFAULT_EDITION
from layers.files import Files
from layers.layer import edition
from maps.files.downloads import collected
from maps.page.borough import borough_page
from maps.print.ground import ground
from maps.profiles.context import context_of, peers_of
from maps.profiles.profile import borough_profile
from scripts.dev.soak_report import BUILT, report

ROOT = Path(__file__).resolve().parents[2]
AT_A_TIME = 20


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one district: ``built``, or the error that ended it, and its counts."""

    code: str
    name: str
    outcome: str
    lsoas: int = 0
    msoas: int = 0
    pockets: int = 0
    districts_near: int = 0
    fits: bool = True


def drawn(borough: Borough) -> None:
    """Draw what goes through a borough's whole geometry and tables: pages, prints, downloads."""
    borough_page(borough)
    borough_profile(context_of(borough, peers_of([borough])))
    ground(borough)
    collected([borough])


def tried(country: Country, code: str, name: str, draw: Callable[[Borough], None]) -> Outcome:
    """Work out and draw one district; an error of any kind is its outcome."""
    try:
        borough = assemble(country, code, place=name)
        draw(borough)
    except Exception as problem:
        said = " ".join(f"{type(problem).__name__}: {problem}".split())
        return Outcome(code=code, name=name, outcome=said[:300])
    return Outcome(
        code=code,
        name=name,
        outcome=BUILT,
        lsoas=len(borough.lsoa),
        msoas=len(borough.msoa),
        pockets=len(borough.pockets),
        districts_near=len(borough.surroundings),
        fits=bool(shapely.coverage_is_valid(borough.lsoa.geometry.to_numpy(), gap_width=NARROW_M)),
    )


def soak(districts: pd.Series, table: Path, start: Callable[[Sequence[str]], int]) -> pd.DataFrame:
    """Have every district tried that is not in the table yet; return the table, by code.

    ``districts`` are names by code, in the order in which they are tried.
    ``start`` tries some districts in another process, which adds a row as each is done, and
    returns its exit code. The district it was at when it ended ill is the one that ended it.
    """
    while left := [code for code in districts.index if code not in outcomes(table).index]:
        now = left[:AT_A_TIME]
        ended = start(now)
        done = outcomes(table).index
        broken = [code for code in now if code not in done][:1]
        add(table, [_ended(code, str(districts[code]), ended) for code in broken])
        print(f"{len(outcomes(table))} of {len(districts)}", file=sys.stderr, flush=True)
    return outcomes(table)


def outcomes(table: Path) -> pd.DataFrame:
    """Read the table of what is done: one row a district, by code; empty before the first."""
    names = [field.name for field in fields(Outcome)]
    rows = pd.read_csv(table) if table.exists() else pd.DataFrame(columns=names)
    return rows.set_index("code").sort_index()


def add(table: Path, rows: Sequence[Outcome]) -> None:
    """Add rows to the table, which is there whole after each."""
    table.parent.mkdir(parents=True, exist_ok=True)
    new = not table.exists()
    with table.open("a", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [field.name for field in fields(Outcome)])
        if new:
            writer.writeheader()
        writer.writerows(asdict(row) for row in rows)


def _ended(code: str, name: str, ended: int) -> Outcome:
    return Outcome(code=code, name=name, outcome=f"its process ended with {ended}")


def _table(files: Files) -> Path:
    code = files_hash(path for path in (ROOT / "maps").rglob("*") if path.is_file())
    return files.cache / "soak" / f"{files.edition.id}-{key_of(code, files.hashes())}.csv"


def _others(options: Sequence[str]) -> Callable[[Sequence[str]], int]:
    def start(codes: Sequence[str]) -> int:
        command = [sys.executable, "-m", "scripts.dev.soak", *options, "--only", *codes]
        return subprocess.run(command, cwd=ROOT, check=False).returncode

    return start


def _try_each(country: Country, table: Path, codes: Sequence[str]) -> Iterator[Outcome]:
    districts = country.ground.districts
    for code in codes:
        outcome = tried(country, code, str(districts[code]), drawn)
        add(table, [outcome])
        yield outcome


def main() -> int:
    """Try every district, write docs/soak.md, and say by the exit code if all were built."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mirror", type=Path, default=os.environ.get("POCKETS_MIRROR"))
    parser.add_argument("--edition", default=DEFAULT_EDITION)
    parser.add_argument("--only", nargs="*", metavar="CODE", help="try these, and write no report")
    given = parser.parse_args()
    if given.mirror is None or not Path(given.mirror).is_dir():
        print("Needs the official files: give their folder with --mirror or POCKETS_MIRROR.")
        return 1
    mirror = Path(given.mirror).resolve()
    files = Files(edition=edition(given.edition), cache=cache_folder(), mirror=mirror, offline=True)
    country, table = Country(files=files), _table(files)
    if given.only:
        return int(any(each.outcome != BUILT for each in _try_each(country, table, given.only)))
    others = _others(["--mirror", str(mirror), "--edition", given.edition])
    found = soak(country.ground.districts.sort_index(), table, others)
    write_text(ROOT / "docs" / "soak.md", report(found, files.edition.title))
    return int((found["outcome"] != BUILT).any())


if __name__ == "__main__":
    raise SystemExit(main())
