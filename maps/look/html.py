"""What every page of the site needs: templates, data that cannot break out, and a policy.

A page is one file that asks for nothing: its scripts and styles stand in it, and its
Content-Security-Policy names them by their hashes and forbids the network.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup

from geo.errors import InputError
from maps.look import palette
from maps.look.numbers import counted, in_year, numeral, people_in

FOLDERS = sorted(Path(__file__).parent.parent.glob("*/templates"))
"""Templates and styles stand beside what uses them; what all share, beside this module."""

READING_STYLE = "profile.css"
"""The style sheet of pages to be read: profiles, about the methods, what there is to download."""

_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_TILES = re.compile(
    rf"(?P<origin>https://{_LABEL}(?:\.{_LABEL})*(?::[0-9]{{1,5}})?)"
    r"/(?:[A-Za-z0-9._~/%?=&+@-]|\{[zxy]\})*"
)
_PLACES = ("{z}", "{x}", "{y}")
_SITE = re.compile(
    rf"https?://{_LABEL}(?:\.{_LABEL})*(?::[0-9]{{1,5}})?(?:/[A-Za-z0-9._~%@+-]+)*/?"
)
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


@cache
def environment() -> jinja2.Environment:
    """Return the templates' environment: autoescape on, undefined names an error.

    Templates write no number themselves: they are handed texts, and the writers of the few that
    they count.

    Every template knows the `palette`.
    """
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDERS),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    writers = (counted, in_year, numeral, people_in)
    made.globals |= {writer.__name__: writer for writer in writers}
    made.globals["palette"] = palette
    return made


@cache
def static_text(name: str) -> str:
    """Read a style sheet or script that stands beside the templates, or in ``scripts`` there."""
    (path,) = (found for folder in FOLDERS for found in folder.glob(f"**/{name}"))
    return path.read_text(encoding="utf-8")


def stylesheet(*names: str) -> str:
    """Join style sheets after the colours of the palette, which they name and do not repeat."""
    return palette.custom_properties() + "".join(static_text(name) for name in names)


def scripts(names: Iterable[str]) -> str:
    """Join scripts into the body of one strict function, in the order given."""
    body = "\n".join(static_text(name) for name in names)
    return f'(() => {{\n"use strict";\n{body}\n}})();\n'


def json_for_script(value: object) -> Markup:
    r"""Write a value as JSON that may stand inside a script element.

    Nothing in it can end the element or a line; missing numbers must be None, not NaN.

    >>> json_for_script({"name": "</script>"})
    Markup('{"name":"\\u003c/script\\u003e"}')
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character, written in _UNSAFE.items():
        text = text.replace(character, written)
    return Markup(text)


def policy(
    *, scripts: Iterable[str], styles: Iterable[str], image_hosts: Iterable[str] = ()
) -> str:
    """Return a Content-Security-Policy that allows these inline texts and no network.

    ``image_hosts`` are the only addresses, or kinds of address, from which pictures may come.

    >>> policy(scripts=[], styles=[])
    "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'"
    """
    rules = ["default-src 'none'"]
    for kind, texts in (("script-src", scripts), ("style-src", styles)):
        hashes = " ".join(f"'sha256-{digest(text)}'" for text in texts)
        if hashes:
            rules.append(f"{kind} {hashes}")
    rules += [" ".join(["img-src data:", *image_hosts]), "base-uri 'none'", "form-action 'none'"]
    return "; ".join(rules)


def site_address(address: str) -> str:
    """Return the address of a published site as that of a folder, with a slash at its end.

    Raises ``InputError`` for one that is not a plain address of the web.

    >>> site_address("https://council.example/pockets")
    'https://council.example/pockets/'
    """
    if _SITE.fullmatch(address):
        return f"{address.rstrip('/')}/"
    raise InputError(
        "The public address of the site cannot be used",
        where=ascii(address),
        expected="https or http, one host, and a path of plain letters, digits and -._~%@+ alone",
        do="give --public-url the address at which the site's first page will stand, such as "
        "https://council.example/pockets/",
    )


def digest(text: str) -> str:
    """Return the SHA-256 of a text in base 64, as a policy names it."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def image_hosts(address: str) -> tuple[str, ...]:
    """Return the origin from which the tiles of an address come, for `policy`.

    Raises ``InputError`` for an address that is not one of tiles on one host, or that could write
    anything else into a page's policy or script.

    >>> image_hosts("https://tiles.example:8443/roads/{z}/{x}/{y}.png?key=1")
    ('https://tiles.example:8443',)
    """
    found = _TILES.fullmatch(address)
    if found and all(address.count(part) == 1 for part in _PLACES):
        return (found["origin"],)
    raise InputError(
        "The address of the basemap's tiles cannot be used",
        where=ascii(address),
        expected="https, one host, and a path with each of {z}, {x} and {y} once, of plain "
        "letters, digits and -._~/%?=&+@ alone",
        do="give --basemap an address such as https://tiles.example/{z}/{x}/{y}.png; for {s} write "
        "one of the hosts that it stands for",
    )
