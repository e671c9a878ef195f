"""Titles of councils, written with a district's name: “City of …”, “… Borough Council”."""

from __future__ import annotations

import re

_WORDS = (
    "royal|london boroughs?|metropolitan|county|city|boroughs?|district|unitary|authority|council"
    "|corporation"
)
_SHORT = "lb|lbc|rb|mb|mbc|mdc|bc|cc|dc|ua|(?:m )?[bcd] c"
_BEFORE = re.compile(rf"^(?:(?:(?:{_WORDS}|and|lb|rb) )+of (?:the )?|(?:lb|rb) )")
_AFTER = re.compile(rf"(?: (?:{_WORDS}|{_SHORT}))+$|(?: (?:city|county|borough|and))+ of$")


def without_titles(name: str) -> list[str]:
    """Return what is left of a normal name without the titles after it, before it, and both.

    A name that is nothing but titles is not shortened. What is left need not be a district's name.

    >>> without_titles("halton borough council")
    ['halton']
    >>> without_titles("city of london corporation")
    ['city of london', 'london corporation', 'london']
    """
    after = _AFTER.sub("", name)
    forms = (after, _BEFORE.sub("", name), _BEFORE.sub("", after))
    return list(dict.fromkeys(form for form in forms if form and form != name))
