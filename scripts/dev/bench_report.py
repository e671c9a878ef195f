"""What was measured, in words: stages, pages, and ratios beside the aims."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import isfinite, nan

from scripts.dev.bench_browser import PageCost
from scripts.dev.bench_ours import BY_DRAWS, ONE_LAYER
from scripts.dev.bench_run import Cost, Run

ASIDE = ("region page", "pictures")
"""Stages of the naive script that are compared on their own."""

PART = re.compile(r"^\s+(?P<part>[\w ]+): (?P<seconds>[\d.]+) s of processor time$", re.MULTILINE)


@dataclass
class Findings:
    """Runs and pages by name, bytes of our borough pages, and how many profiles were made."""

    runs: dict[str, Run] = field(default_factory=dict)
    pages: dict[str, PageCost] = field(default_factory=dict)
    borough_pages: dict[str, int] = field(default_factory=dict)
    profiles: int = 0

    def stages(self, name: str) -> dict[str, Cost]:
        """Return the stages of a run by name; none where it is missing or failed."""
        ended = self.runs.get(name)
        return {} if ended is None or ended.failed else {cost.stage: cost for cost in ended.stages}

    def whole(self, name: str, unit: str) -> float:
        """Return the whole cost of a run in ``wall``, ``cpu`` or ``peak_mb``; NaN without one."""
        ended = self.runs.get(name)
        return nan if ended is None or ended.failed else float(getattr(ended.whole, unit))

    def only_stage(self, name: str, unit: str) -> float:
        """Return the cost of the one stage of a run; NaN where it has none."""
        return next((float(getattr(cost, unit)) for cost in self.stages(name).values()), nan)

    def parts(self, name: str) -> dict[str, float]:
        """Return the processor seconds by part that a build printed."""
        ended = self.runs.get(name)
        printed = "" if ended is None else ended.printed
        return {found["part"]: float(found["seconds"]) for found in PART.finditer(printed)}

    def page(self, name: str, unit: str) -> float:
        """Return what a page takes in ``size``, ``load``, ``switch`` or ``slowed``; or NaN."""
        page = self.pages.get(name)
        return nan if page is None else float(getattr(page, unit))


def report(found: Findings) -> str:
    """Lay out all that was measured as text."""
    sections = {
        "Processes": _processes(found),
        "Our parts, processor time": _parts(found),
        "Pages": _pages(found),
        "Aims (ratios are naive over ours; none is a gate)": _aims(found),
    }
    return "\n".join(f"\n{title}\n{table}" for title, table in sections.items())


def _processes(found: Findings) -> str:
    rows = [["", "wall s", "CPU s", "peak MB"]]
    for name, ended in found.runs.items():
        for cost in (ended.whole, *ended.stages):
            title = name if cost is ended.whole else f"  {cost.stage}"
            numbers = [f"{cost.wall:.1f}", f"{cost.cpu:.1f}", f"{cost.peak_mb:,.0f}"]
            rows.append([title, *(["failed", "", ""] if ended.failed else numbers)])
    return _table(rows)


def _parts(found: Findings) -> str:
    names = [name for name in found.runs if found.parts(name)]
    parts = dict.fromkeys(part for name in names for part in found.parts(name))
    rows = [["", *names]]
    for part in parts:
        seconds = [found.parts(name).get(part, nan) for name in names]
        rows.append([part, *(_number(value, "{:.1f}") for value in seconds)])
    return _table(rows)


def _pages(found: Findings) -> str:
    rows = [["", "kB", "load ms", "switch ms", "switch ms, 4× slower"]]
    for name, page in found.pages.items():
        times = [_number(value, "{:,.0f}") for value in (page.load, page.switch, page.slowed)]
        rows.append([name, f"{page.size / 1000:,.0f}", *times])
    return _table(rows)


def _aims(found: Findings) -> str:
    rows = [["", "found", "aim", ""]]
    for what, value, form, aim, met in _measured(found):
        verdict = ("yes" if met(value) else "no") if isfinite(value) else "not measured"
        rows.append([what, _number(value, form), aim, verdict])
    return _table(rows)


Measured = tuple[str, float, str, str, Callable[[float], bool]]


def _measured(found: Findings) -> Iterator[Measured]:
    """Give each aim: what it is, the value found, its form, the aim in words, whether it is met."""
    for name in ("cold build", "warm build"):
        for unit, word in (("wall", "wall clock"), ("cpu", "processor")):
            what = f"{name} without pictures against naive, {word}"
            yield what, naive_cost(found, unit) / found.whole(name, unit), "{:.1f}×", *at_least(3)
    table, clusters = found.only_stage("table", "wall"), found.only_stage("clusters", "wall")
    peak, added = found.only_stage("clusters", "peak_mb"), found.only_stage("findings", "wall")
    yield "table of nine boroughs, warm cache", table, "{:.2f} s", *under(2, "s")
    yield "clusters of England, cold", clusters, "{:.1f} s", *under(90, "s")
    yield "clusters of England, peak memory", peak, "{:,.0f} MB", *under(2000, "MB")
    layer, drawn = (found.stages("clusters").get(name) for name in (ONE_LAYER, BY_DRAWS))
    ratio = drawn.cpu / layer.cpu if layer and drawn else nan
    yield "clusters of one layer: quicker than esda's 999 draws", ratio, "{:.1f}×", *at_least(1)
    yield "all findings of nine boroughs, tables warm", added, "{:.1f} s", *under(5, "s")
    largest = max(found.borough_pages.values(), default=nan) / 1000
    yield "largest borough page", largest, "{:,.0f} kB", *under(800, "kB")
    seconds = found.parts("cold build").get("profiles", nan)
    rate = found.profiles / seconds if seconds > 0 else nan
    yield "profiles per processor second", rate, "{:.0f}", *at_least(30)
    yield from _page_aims(found)


def _page_aims(found: Findings) -> Iterator[Measured]:
    for place in ("region", "borough"):
        ratio = {
            unit: found.page(f"naive {place}", unit) / found.page(f"our {place}", unit)
            for unit in ("size", "load")
        }
        yield f"{place} page: smaller than folium's", ratio["size"], "{:.1f}×", *at_least(10)
        yield f"{place} page: quicker to load than folium's", ratio["load"], "{:.1f}×", *at_least(5)
    page = {unit: found.page("our borough", unit) for unit in ("load", "switch", "slowed")}
    yield "borough page: loaded and drawn", page["load"], "{:.0f} ms", *under(700, "ms")
    yield "borough page: layer switch", page["switch"], "{:.0f} ms", *under(100, "ms")
    yield "borough page: the same, 4× slower", page["slowed"], "{:.0f} ms", *under(400, "ms")


def naive_cost(found: Findings, unit: str) -> float:
    """Add up the naive script's stages that are the job of a build without pictures."""
    stages = [cost for stage, cost in found.stages("naive").items() if stage not in ASIDE]
    return sum(float(getattr(cost, unit)) for cost in stages) if stages else nan


def at_least(least: float) -> tuple[str, Callable[[float], bool]]:
    """Return an aim in words and its test."""
    return f"at least {least:g}", lambda value: value >= least


def under(most: float, unit: str) -> tuple[str, Callable[[float], bool]]:
    """Return an aim in words and its test."""
    return f"under {most:g} {unit}", lambda value: value < most


def _number(value: float, form: str) -> str:
    return form.format(value) if isfinite(value) else "–"


def _table(rows: list[list[str]]) -> str:
    """Align columns: the first to the left, the others to the right."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
