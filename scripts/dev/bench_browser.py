"""Pages in Chromium, measured: bytes, time to load and draw, time to switch layers."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from math import nan
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

TIMES = 5
SLOWED = 4
LONGEST_MS = 180_000

DRAWN = """() => new Promise((done) => {
  const look = () => document.querySelector("path, canvas")
    ? requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())))
    : requestAnimationFrame(look);
  look();
})"""
SWITCH = """([before, after]) => new Promise((done) => {
  const begun = performance.now();
  if (before.type === "checkbox" && before.checked) before.click();
  after.click();
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begun)));
})"""
FIRST_ONLY = """(inputs) => inputs.slice(1)
  .filter((input) => input.type === "checkbox" && input.checked)
  .forEach((input) => input.click())"""
NOTHING = """(() => {
  const nothing = new Proxy(function () {}, {
    get: (_, key) => (key === Symbol.toPrimitive ? () => "" : nothing),
    apply: () => nothing,
    construct: () => nothing,
  });
  for (const name of ["d3", "$", "jQuery", "bootstrap"]) window[name] ??= nothing;
})();"""
"""Stands for scripts that a folium page loads and its choropleths hardly use: it costs no time."""


@dataclass(frozen=True)
class PageCost:
    """What a page takes: bytes of HTML, and medians in milliseconds.

    ``load`` ends when the areas are on the screen; ``switch`` is that of one layer for another,
    ``slowed`` the same with the processor slowed four times.
    """

    name: str
    size: int
    load: float = nan
    switch: float = nan
    slowed: float = nan


@contextmanager
def chromium() -> Iterator[Browser | None]:
    """Start Chromium, or yield None where there is none."""
    path = which("chromium") or which("chromium-browser")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if path is None:
        yield None
        return
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        try:
            yield browser
        finally:
            browser.close()


def page_cost(browser: Browser, name: str, path: Path, *, selector: str) -> PageCost:
    """Measure a page; ``selector`` finds the controls that switch its layers."""
    loads = [_with_page(browser, path, lambda page: page.evaluate(DRAWN)) for _ in range(TIMES)]
    quick = _with_page(browser, path, lambda page: _switches(page, selector))
    slow = _with_page(browser, path, lambda page: _switches(page, selector, slowed=SLOWED))
    return PageCost(name, path.stat().st_size, statistics.median(loads), quick, slow)


def _with_page(browser: Browser, path: Path, measure: Callable[[Page], float]) -> float:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(LONGEST_MS)
    try:
        _without_network(context)
        page = context.new_page()
        page.goto(path.resolve().as_uri(), wait_until="load")
        return measure(page)
    finally:
        context.close()


def _switches(page: Page, selector: str, *, slowed: int = 1) -> float:
    """Switch through all layers of a page and return the median time."""
    page.evaluate(DRAWN)
    page.locator(selector).evaluate_all(FIRST_ONLY)
    controls = page.locator(selector).element_handles()
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
    times = [page.evaluate(SWITCH, list(both)) for both in pairwise(controls)]
    return statistics.median(times) if times else nan


def _without_network(context: BrowserContext) -> None:
    """Serve Leaflet from the installed package and nothing else, at no cost in time."""
    folder = files("js_lib_leaflet") / "static" / "js_lib_leaflet"
    leaflet = {name: (folder / name).read_text("utf-8") for name in ("leaflet.js", "leaflet.css")}

    def serve(route: Route) -> None:
        name = route.request.url.split("?")[0].rsplit("/", 1)[-1]
        if name in leaflet:
            route.fulfill(body=leaflet[name], content_type=_type(name))
        elif name.endswith((".js", ".css")):
            route.fulfill(body=NOTHING if name.endswith("js") else "", content_type=_type(name))
        else:
            route.abort()

    context.route("http*://**/*", serve)


def _type(name: str) -> str:
    return "text/javascript" if name.endswith("js") else "text/css"
