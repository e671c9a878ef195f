"""A real browser with the network cut off, pages of an invented borough to open in it, and letters.

The pages name the system's own fonts, so each machine shows other widths. Two families of letters,
`FAMILIES`, are made here from the one that comes with matplotlib (an eighth wider than Arial), and
take the place of whatever a page names, before its own script runs: no machine needs to have them.
"""

from __future__ import annotations

import base64
import io
import os
import shutil
import time
from functools import cache
from pathlib import Path

import matplotlib
import pytest
from axe_playwright_python.sync_playwright import Axe
from fontTools import subset
from playwright.sync_api import sync_playwright

from maps.page.borough import borough_page
from maps.page.borough_data import Links
from maps.site.index import index_page

SIZES = {
    "desktop": {"width": 1280, "height": 800},
    "phone": {"width": 390, "height": 844},
    "narrow": {"width": 320, "height": 640},
}
LINKS = Links(index="../index.html", profile="profiles/{code}.html", pocket="pockets/{code}.html")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
BEYOND = ["landmark-unique"]
"""Rules of good practice that are held to beside those of WCAG."""
FAMILIES = {"wide": 115, "narrow": 75}
"""How wide the letters of each family are, in percent of those they are made from."""
ADOPT = """
for (const [weight, letters] of %s) {
    const bytes = Uint8Array.from(atob(letters), letter => letter.charCodeAt(0));
    document.fonts.add(new FontFace('Tried', bytes, { weight, sizeAdjust: '%d%%' }));
}
const sheet = new CSSStyleSheet();
sheet.replaceSync('html { font-family: Tried, sans-serif; }');
document.adoptedStyleSheets = [sheet];
"""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def chromium_path() -> str | None:
    """Return a Chromium to test with: the one named by POCKETS_CHROMIUM, or an installed one."""
    named = os.environ.get("POCKETS_CHROMIUM")
    found = [named, "/usr/bin/chromium", shutil.which("chromium"), shutil.which("google-chrome")]
    return next((path for path in found if path and Path(path).exists()), None)


@pytest.fixture(scope="session")
def chromium():
    path = chromium_path()
    if path is None:
        pytest.skip("Chromium is not installed: run `make browser`, or set POCKETS_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@cache
def letters(name: str) -> str:
    """Read a font of matplotlib's, cut down to the letters of European texts, in base 64."""
    options = subset.Options(layout_features=[], drop_tables=["FFTM"])
    path = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name
    font = subset.load_font(io.BytesIO(path.read_bytes()), options)
    cut = subset.Subsetter(options)
    cut.populate(unicodes=[*range(0x20, 0x250), *range(0x2010, 0x2270)])
    cut.subset(font)
    written = io.BytesIO()
    subset.save_font(font, written, options)
    return base64.b64encode(written.getvalue()).decode()


def adopted(family: str) -> str:
    """Return the script that shows a page in one of `FAMILIES`."""
    faces = [["400", letters("DejaVuSans.ttf")], ["700", letters("DejaVuSans-Bold.ttf")]]
    return ADOPT % (faces, FAMILIES[family])


@pytest.fixture(scope="session")
def nasty_borough(invent):
    return invent(nasty=True)


@pytest.fixture(scope="session")
def site(tmp_path_factory, invented_borough, nasty_borough, invent):
    """A folder with pages: northmere, nasty, none (no pockets), real (not fictional) and index."""
    folder = tmp_path_factory.mktemp("site")
    boroughs = {
        "northmere": invented_borough,
        "nasty": nasty_borough,
        "none": invent(pockets=False),
        "real": invent(edition_id="2019"),
    }
    for name, borough in boroughs.items():
        page = borough_page(borough, links=LINKS)
        (folder / f"{name}.html").write_text(page, encoding="utf-8", newline="\n")
    index = index_page([invented_borough], {invented_borough.code: "northmere"})
    (folder / "index.html").write_text(index, encoding="utf-8", newline="\n")
    return folder


@pytest.fixture(scope="session")
def window(chromium, tmp_path_factory):
    """Return a window of a size and kind, with the network cut off; tests share those alike.

    A page that stays open in it keeps its process, which costs more to begin than a page to show.
    What a page of a test leaves in its window is cleared when it is closed.
    """
    windows = {}
    blank = tmp_path_factory.mktemp("window") / "blank.html"
    blank.write_text("<!doctype html>")

    def opened(size, family, options):
        kind = (size, family, *sorted(options.items()))
        if kind not in windows:
            context = chromium.new_context(viewport=SIZES[size], **options)
            if family:
                context.add_init_script(adopted(family))
            context.set_offline(True)
            context.route("http*://**", lambda route: route.abort())
            context.new_page().goto(blank.as_uri())
            windows[kind] = context
        return windows[kind]

    return opened


@pytest.fixture
def visit(window, site):
    """Open a page with the network cut off; no request and no error may have happened."""
    pages, troubles = [], []

    def watch(page):
        page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        page.on(
            "console",
            lambda message: (
                troubles.append(f"console: {message.text}")
                if message.type in {"error", "warning"}
                else None
            ),
        )
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith(("file:", "data:", "blob:"))
                else troubles.append(f"request: {request.url}")
            ),
        )

    def open_page(name="northmere", *, size="desktop", address="", family="", **options):
        page = window(size, family, options).new_page()
        pages.append(page)
        watch(page)
        path = name if isinstance(name, Path) else (site / name).with_suffix(".html")
        page.goto(f"{path.as_uri()}{address}")
        if page.locator("#data").count():
            page.wait_for_selector("html[data-ready]", state="attached")
        return page

    yield open_page
    for page in pages:
        if not page.is_closed():
            page.evaluate("localStorage.clear()")
            page.close()
    assert troubles == []


@pytest.fixture(scope="session")
def violations():
    """Run axe over a page and return what it finds: rule and the elements that break it."""
    axe = Axe()

    def found(page, *, without=""):
        options = {
            "runOnly": {"type": "tag", "values": RULES},
            "rules": {rule: {"enabled": True} for rule in BEYOND},
            "resultTypes": ["violations"],
        }
        context = {"exclude": [without]} if without else None
        response = axe.run(page, context=context, options=options).response
        return [
            (each["id"], [node["html"][:160] for node in each["nodes"][:3]])
            for each in response["violations"]
        ]

    return found


@pytest.fixture(scope="session")
def until():
    """Wait until an expression holds in a page, without the eval that the page's policy forbids."""

    def wait(page, expression, argument=None, *, seconds=5.0):
        end = time.monotonic() + seconds
        while not page.evaluate(expression, argument):
            assert time.monotonic() < end, f"never came true: {expression}"
            page.wait_for_timeout(20)

    return wait
