"""The benchmark: a naive script of the same job against ours, on the same files in one run.

Everything is printed, ratios beside the aims; nothing is a gate. All that is made goes to a
temporary folder. Needs the official files (``--mirror``, or POCKETS_MIRROR).
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd

from layers.catalogue import catalogue
from scripts.dev.bench_browser import PageCost, chromium, page_cost
from scripts.dev.bench_report import Findings, report
from scripts.dev.bench_run import run

AREA = "cheshire-merseyside"
LARGEST = ("E08000012", "liverpool")
"""The borough with most neighbourhoods: its code names the naive page, its name ours."""

DRAWN = ("maps", "atlas")
"""Parts of a build that matplotlib draws, which are measured on their own."""

FOLIUM_LAYERS = ".leaflet-control-layers-overlays input"
OUR_LAYERS = "input[name=layer]"


@dataclass(frozen=True)
class Bench:
    """Where the files are, where everything is made, and what was found so far."""

    mirror: Path
    folder: Path
    found: Findings = field(default_factory=Findings)

    def go(self, name: str, argv: Sequence[str], *, cache: str = "cache") -> None:
        """Measure one process under a name; a failure is said, and the rest goes on."""
        print(f"{name} …", file=sys.stderr, flush=True)
        settings = {"POCKETS_CACHE": str(self.folder / cache), "POCKETS_MIRROR": str(self.mirror)}
        ended = run(name, argv, folder=self.folder, settings=settings)
        self.found.runs[name] = ended
        if ended.failed:
            print(f"{name} failed:\n{ended.printed[-2000:]}", file=sys.stderr, flush=True)


def measure(bench: Bench) -> None:
    """Run both sides one after the other, then look at their pages."""
    folder, mirror = bench.folder, str(bench.mirror)
    geojson, naive = _geojson(bench), folder / "naive"
    naive.mkdir()
    paths = ["--mirror", mirror, "--out", str(naive), "--log", "{log}"]
    bench.go("naive", ["scripts.dev.naive", *paths, "--geojson", str(geojson)])
    build = ["scripts.cli", "build", AREA, "--mirror", mirror, "--offline"]
    build += ["--out", str(folder / "site"), "--only"]
    parts, drawn = _parts()
    bench.go("cold build", [*build, ",".join(parts)])
    bench.go("warm build", [*build, ",".join(parts)])
    for part in drawn:
        bench.go(f"warm build of {part}", [*build, part])
    for job, cache in (
        ("table", "cache"), ("region", "cache"), ("clusters", "other"), ("findings", "other"),
    ):  # fmt: skip
        _alone(bench, job, cache)
    _look(bench)


def _alone(bench: Bench, job: str, cache: str) -> None:
    """Measure one piece of ours; in a cache of its own where it has to be worked out anew."""
    out = bench.folder / f"{job}.html"
    paths = ["--mirror", str(bench.mirror), "--cache", str(bench.folder / cache)]
    argv = ["scripts.dev.bench_ours", job, AREA, *paths, "--out", str(out), "--log", "{log}"]
    bench.go(job, argv, cache=cache)


def _geojson(bench: Bench) -> Path:
    """Write the boundaries as GeoJSON, which is not part of what is measured."""
    source = catalogue()["lsoa_2011_boundaries"]
    path = bench.folder / "lsoa.geojson"
    gpd.read_file(bench.mirror / source.path).to_file(path, driver="GeoJSON")
    return path


def _parts() -> tuple[list[str], list[str]]:
    """Return the parts of a build that are not drawn by matplotlib, and those that are."""
    from maps.site.parts import PARTS

    return [part for part in PARTS if part not in DRAWN], [part for part in DRAWN if part in PARTS]


def _look(bench: Bench) -> None:
    """Measure the sizes of what was made, and pages in Chromium where there is one."""
    found, site, naive = bench.found, bench.folder / "site", bench.folder / "naive"
    boroughs = site.glob("*/index.html")
    found.borough_pages = {path.parent.name: path.stat().st_size for path in boroughs}
    profiles = (site.glob(f"*/{kind}/*.html") for kind in ("profiles", "pockets"))
    found.profiles = sum(1 for paths in profiles for _ in paths)
    code, name = LARGEST
    pages = {
        "naive borough": (naive / f"{code}.html", FOLIUM_LAYERS),
        "our borough": (site / name / "index.html", OUR_LAYERS),
        "naive region": (naive / "region.html", FOLIUM_LAYERS),
        "our region": (bench.folder / "region.html", OUR_LAYERS),
    }
    made = {title: path for title, (path, _) in pages.items() if path.exists()}
    found.pages = {title: PageCost(title, path.stat().st_size) for title, path in made.items()}
    with chromium() as browser:
        if browser is None:
            print("No Chromium here: pages are not loaded (make browser).", file=sys.stderr)
            return
        for title in made:
            print(f"{title} in Chromium …", file=sys.stderr, flush=True)
            path, selector = pages[title]
            found.pages[title] = page_cost(browser, title, path, selector=selector)


def main() -> None:
    """Measure and print; the exit code says nothing about speed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mirror", type=Path, default=os.environ.get("POCKETS_MIRROR"))
    mirror = parser.parse_args().mirror
    if mirror is None or not Path(mirror).is_dir():
        print("Needs the official files: give their folder with --mirror or POCKETS_MIRROR.")
        return
    with tempfile.TemporaryDirectory(prefix="pockets-bench-") as folder:
        bench = Bench(mirror=Path(mirror).resolve(), folder=Path(folder))
        measure(bench)
        print(report(bench.found))


if __name__ == "__main__":
    main()
