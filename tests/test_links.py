"""Every page of a built site: its links, its head, what it says of itself, what it asks for."""

from __future__ import annotations

import html.parser
import json
import posixpath
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from layers.layer import edition
from tests.sites import ALL_SITES

FETCHED = {"src", "srcset", "poster", "action", "formaction", "background", "ping"}
NOT_LINKED = {"build.json", "site.svg"}
"""Files that no page needs to lead to."""


@dataclass
class Page:
    """What stands in one page, as its parser met it."""

    path: str
    text: str
    root: dict[str, str] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    title: str = ""
    words: str = ""
    footer: str = ""
    data: dict = field(default_factory=dict)


class Reader(html.parser.HTMLParser):
    """Fill a `Page`."""

    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.open: list[str] = []
        self.data = False

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if tag not in {"meta", "link", "img", "input", "br", "hr", "path", "rect", "circle"}:
            self.open.append(tag)
        if tag == "html":
            self.page.root = named
        if tag == "h1":
            self.page.headings.append("")
        if named.get("id"):
            self.page.ids.append(named["id"])
        if named.get("http-equiv") == "Content-Security-Policy":
            self.page.policies.append(named["content"])
        self.data = tag == "script" and named.get("type") == "application/json"
        addresses = [value for name, value in attrs if name in {"href", "xlink:href"} and value]
        (self.page.links if tag == "a" else self.page.fetched).extend(addresses)
        self.page.fetched += [value for name, value in attrs if name in FETCHED and value]

    def handle_endtag(self, tag):
        while tag in self.open and self.open.pop() != tag:
            pass

    def handle_data(self, text):
        if self.data:
            self.page.data = json.loads(text)
            self.data = False
        if not self.open or self.open[-1] in {"script", "style"}:
            return
        if self.open[-1] == "title" and "svg" not in self.open:
            self.page.title += text
            return
        if "h1" in self.open:
            self.page.headings[-1] += text
        self.page.words += text
        if "footer" in self.open:
            self.page.footer += text


def read_page(site: Path, path: str) -> Page:
    page = Page(path, (site / path).read_text(encoding="utf-8"))
    Reader(page).feed(page.text)
    page.links += linked_by_script(page.data)
    return page


def linked_by_script(data: dict) -> list[str]:
    """List the addresses that a borough's page makes links of when it runs."""
    found = []
    codes = {"profile": "msoa", "pocket": "pocket"}
    for name, address in data.get("links", {}).items():
        places = data["places"][codes[name]]["codes"] if name in codes else [""]
        found += [address.replace("{code}", code) for code in places] if address else []
    return found


@cache
def pages_of(site: Path) -> dict[str, Page]:
    paths = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    return {path: read_page(site, path) for path in paths}


def dead_links(site: Path, pages: dict[str, Page]) -> list[str]:
    """List the links that lead nowhere, as the page and the address."""
    return [
        f"{page.path}: {address}"
        for page in pages.values()
        for address in dict.fromkeys(page.links)
        if is_dead(site, pages, page, address)
    ]


def is_dead(site: Path, pages: dict[str, Page], page: Page, address: str) -> bool:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return parts.scheme != "https" or not parts.netloc
    target = target_of(page.path, address)
    if target.startswith("..") or not (site / target).is_file():
        return True
    return bool(parts.fragment) and not holds(pages[target], unquote(parts.fragment))


def target_of(path: str, address: str) -> str:
    """Resolve an address on a page to a path in the site."""
    named = unquote(urlsplit(address).path)
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), named)) if named else path


def holds(page: Page, fragment: str) -> bool:
    """Say whether a page answers to a fragment: an id, or a place that its script opens."""
    if not fragment.startswith("place="):
        return fragment in page.ids
    places = page.data.get("places", {})
    return any(fragment.removeprefix("place=") in kind["codes"] for kind in places.values())


def asks_for(page: Page) -> list[str]:
    """List what a page would load from elsewhere, in attributes and in styles."""
    styled = re.findall(r"url\(\s*['\"]?([^)'\"]*)|@import\s+([^;]+)", page.text)
    wanted = [*page.fetched, *(first or second for first, second in styled)]
    return [address for address in wanted if not address.startswith(("#", "data:"))]


@pytest.fixture(params=ALL_SITES)
def site(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def pages(site):
    return pages_of(site)


@pytest.fixture
def known(site):
    """The edition of the site."""
    mark = json.loads((site / "build.json").read_text(encoding="utf-8"))
    return edition(mark["edition"])


def test_no_link_is_dead(site, pages):
    assert sum(len(page.links) for page in pages.values()) > 300
    assert dead_links(site, pages) == []


def test_every_file_can_be_reached_from_the_first_page(site, pages):
    reached, waiting = set(), ["index.html"]
    while waiting:
        path = waiting.pop()
        if path in reached:
            continue
        reached.add(path)
        if path in pages:
            own = [link for link in pages[path].links if not urlsplit(link).scheme]
            waiting += [target_of(path, link) for link in own]
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert sorted(files - reached - NOT_LINKED) == []


def test_no_page_is_without_title_language_heading_or_width(pages):
    for path, page in pages.items():
        assert page.root.get("lang") == "en-GB", path
        assert len(page.headings) == 1, path
        assert page.headings[0].strip(), path
        assert page.title.strip(), path
        assert '<meta charset="utf-8">' in page.text[:300], path
        assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in page.text
        assert page.text[:15].lower() == "<!doctype html>", path


def test_titles_are_unique_and_begin_with_a_capital(pages):
    titles = Counter(page.title for page in pages.values())
    assert [title for title, count in titles.items() if count > 1] == []
    assert [title for title in titles if not title[0].isupper()] == []


def test_no_id_stands_twice_on_a_page(pages):
    for path, page in pages.items():
        assert [key for key, count in Counter(page.ids).items() if count > 1] == [], path


def test_every_page_names_sources_and_licences_and_leads_to_the_methods(pages):
    for path, page in pages.items():
        said = page.footer or page.words
        assert re.search("Sources", said), path
        assert re.search("licence", said, re.IGNORECASE), path
        targets = {target_of(path, link) for link in page.links if not urlsplit(link).scheme}
        assert {"about/methods.html", "about/sources.html"} - {path} <= targets, path


def test_nothing_is_loaded_from_elsewhere_and_the_policy_forbids_it(pages):
    for path, page in pages.items():
        assert asks_for(page) == [], path
        (policy,) = page.policies
        assert policy.startswith("default-src 'none'; "), path
        assert not re.search(r"unsafe|https?:|\*", policy), path


def test_no_address_begins_at_the_root_or_on_a_disk(pages):
    for path, page in pages.items():
        assert [link for link in page.links if re.match(r"/|file:|[A-Za-z]:[\\/]", link)] == [], (
            path
        )


def test_a_fictional_place_says_so_on_every_page_and_a_real_one_nowhere(pages, known):
    for path, page in pages.items():
        said = re.search(r"fictional|does not exist", page.words) is not None
        assert said == known.fictional, path


def test_a_replaced_edition_says_so_on_every_page_and_another_nowhere(pages, known):
    for path, page in pages.items():
        said = re.search(r"The (.+) have replaced the .+ shown here", page.words)
        assert (said[1] if said else "") == known.superseded_by, path


def test_the_crawler_sees_what_is_wrong(tmp_path):
    (tmp_path / "index.html").write_text(
        '<a href="gone.html">x</a><a href="#nowhere">x</a><a href="../outside.html">x</a>'
        '<a href="http://plain.example">x</a><a href="https://example.org">x</a>'
        '<a href="#here" id="here">x</a><img src="https://example.org/a.png">'
        "<style>@import 'b.css'; p { background: url(c.png) }</style>"
        '<script type="application/json">{"links": {"pocket": "p/{code}.html"},'
        ' "places": {"pocket": {"codes": ["A"]}}}</script><a href="#place=A">x</a>'
        '<a href="#place=B">x</a>',
        encoding="utf-8",
    )
    page = read_page(tmp_path, "index.html")
    assert dead_links(tmp_path, {page.path: page}) == [
        "index.html: gone.html",
        "index.html: #nowhere",
        "index.html: ../outside.html",
        "index.html: http://plain.example",
        "index.html: #place=B",
        "index.html: p/A.html",
    ]
    assert asks_for(page) == ["https://example.org/a.png", "'b.css'", "c.png"]
