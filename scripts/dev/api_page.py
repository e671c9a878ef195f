"""The page of the public names: what each takes and gives, by its own signature and docstring."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from typing import Any

import pockets

WIDTH, BREAK = 80, "\n        "

PAGE = """\
# From Python

Generated from the public names of `pockets` by `make docs`. All of them are typed. Frames are
indexed by code; their columns are explained in `data/dictionary.csv` of every built site, and
[a worked example](example.md) shows them at work.

```pycon
>>> import pockets
```
"""


def api_page() -> str:
    """Return the page of public names, in the order in which `pockets` lists them."""
    return "\n".join([PAGE, *(_section(name, getattr(pockets, name)) for name in pockets.PUBLIC)])


def _section(name: str, what: Any) -> str:
    if not callable(what):
        return f"## {name}\n\n    {name} = {what!r}\n"
    told = f"## {name}\n\n    {name}{_signature(what)}\n\n{_prose(what)}\n"
    return "\n".join([told, *_members(what)]) if inspect.isclass(what) else told


def _members(kind: type) -> Iterator[str]:
    """Yield the public methods and properties that a class has of its own, by name."""
    for name, member in sorted(vars(kind).items()):
        if name.startswith("_") or not (callable(member) or isinstance(member, property)):
            continue
        call = "" if isinstance(member, property) else _signature(member, own=True)
        yield f"### {kind.__name__}.{name}\n\n    {name}{call}\n\n{_prose(member)}\n"


def _signature(what: Any, *, own: bool = False) -> str:
    """Return what is put in and what comes out, a line each where it is much."""
    signature = inspect.signature(what)
    taken = list(signature.parameters.values())[int(own) :]
    back = signature.return_annotation
    gives = "" if back in (inspect.Signature.empty, "None", None) else f" -> {_plain(back)}"
    words = list(_taken(one for one in taken if not one.name.startswith("_")))
    line = f"({', '.join(words)}){gives}"
    return line if len(line) <= WIDTH else f"(\n        {f',{BREAK}'.join(words)},\n    ){gives}"


def _taken(parameters: Iterable[inspect.Parameter]) -> Iterator[str]:
    starred = False
    for one in parameters:
        if one.kind is one.KEYWORD_ONLY and not starred:
            starred = True
            yield "*"
        yield f"{one.name}: {_plain(one.annotation)}{_default(one.default)}"


def _plain(annotation: Any) -> str:
    return annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)


def _default(value: Any) -> str:
    """Say what stands where nothing is given; what has no plain form is “…”."""
    if value is inspect.Parameter.empty:
        return ""
    plain = value is None or isinstance(value, str | int | float | tuple)
    return f" = {value!r}" if plain else " = …"


def _prose(what: Any) -> str:
    """Return a docstring as Markdown, its examples apart."""
    text = (inspect.getdoc(what) or "").replace("``", "`")
    parts = [
        f"```pycon\n{part}\n```" if part.startswith(">>>") else part for part in text.split("\n\n")
    ]
    return "\n\n".join(parts)
