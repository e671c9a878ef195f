"""A borough's page that was mailed: opened alone from a folder, with its site, and over the web."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading

import pytest

from maps.page.borough import borough_page
from maps.page.borough_data import Links
from maps.site.mark import DRAWN, SIGN
from maps.site.parts import PARTS, links_from_borough

RELATIVE = "a[href]:not([href^='#']):not([href*=':'])"
ELSEWHERE = "(in the full site)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, invented_borough):
    """Return a folder with a page of a borough as a site has it, and the site's sign."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "northmere").mkdir()
    page = borough_page(invented_borough, links=links_from_borough(PARTS))
    (folder / "northmere" / "index.html").write_text(page, encoding="utf-8", newline="\n")
    (folder / SIGN).write_text(DRAWN, encoding="utf-8")
    return folder


@pytest.fixture
def opened(chromium):
    """Open a page in a window of its own, and note what it asks for."""
    contexts = []

    def open_page(address):
        context = chromium.new_context()
        contexts.append(context)
        page = context.new_page()
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(address)
        page.wait_for_selector("html[data-ready]", state="attached")
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_a_page_alone_in_a_folder_has_no_link_that_leads_nowhere(folder, opened, tmp_path):
    alone = tmp_path / "northmere" / "index.html"
    alone.parent.mkdir()
    shutil.copy(folder / "northmere" / "index.html", alone)
    page = opened(alone.as_uri())
    page.wait_for_selector("html[data-alone]", state="attached")
    assert page.locator(RELATIVE).count() == 0
    assert page.locator(".ways").inner_text().count(ELSEWHERE) == 4
    assert page.locator(".ways a[href='#table-heading']").count() == 1
    page.locator("#pockets button").first.click()
    page.wait_for_selector("#selection .elsewhere")
    assert page.locator(RELATIVE).count() == 0
    assert f"Profile of this pocket {ELSEWHERE}" in page.inner_text("#selection")
    assert "most deprived tenth" in page.inner_text("#selection")


def test_a_page_in_its_site_keeps_its_links(folder, opened):
    page = opened((folder / "northmere" / "index.html").as_uri())
    page.wait_for_timeout(300)
    assert page.locator(RELATIVE).count() > 6
    assert ELSEWHERE not in page.inner_text("body")


def test_a_page_on_the_web_looks_for_nothing(folder, opened):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/northmere/index.html"
        page = opened(address)
        page.wait_for_timeout(300)
        assert [asked for asked in page.asked if not asked.startswith("data:")] == [address]
        assert page.locator(RELATIVE).count() > 6
        server.shutdown()


def test_a_page_that_names_its_site_on_the_web_is_whole_anywhere(
    folder, opened, tmp_path, invented_borough
):
    links = links_from_borough(PARTS).absolute("https://council.example/northmere/")
    assert links == Links(
        index="https://council.example/index.html",
        borough="https://council.example/northmere/profile.html",
        profile="https://council.example/northmere/profiles/{code}.html",
        pocket="https://council.example/northmere/pockets/{code}.html",
        methods="https://council.example/about/methods.html",
        sources="https://council.example/about/sources.html",
        downloads="https://council.example/data/index.html",
        atlas="https://council.example/northmere/atlas.pdf",
    )
    path = tmp_path / "page.html"
    path.write_text(borough_page(invented_borough, links=links), encoding="utf-8")
    page = opened(path.as_uri())
    page.locator("#pockets button").first.click()
    page.wait_for_timeout(300)
    assert page.locator(RELATIVE).count() == 0
    assert page.locator("a[href^='https://council.example/']").count() > 6
    assert ELSEWHERE not in page.inner_text("body")
    assert [asked for asked in page.asked if asked.startswith("http")] == []
