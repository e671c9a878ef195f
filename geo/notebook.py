"""What a notebook shows of a thing: its title and a small table, in the notebook's own colours."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape


def card(title: str, told: Mapping[str, object]) -> str:
    """Return a table of HTML with a row for each thing told; nothing of it is taken for markup.

    What is empty is left out.

    >>> card("A & B", {"Unit": "%", "Note": ""})
    '<table><caption>A &amp; B</caption><tbody><tr><th>Unit</th><td>%</td></tr></tbody></table>'
    """
    rows = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(str(value))}</td></tr>"
        for name, value in told.items()
        if str(value)
    )
    return f"<table><caption>{escape(title)}</caption><tbody>{rows}</tbody></table>"
