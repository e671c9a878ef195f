"""The program's own packages, loaded from where they are installed and from nowhere else.

Their names are plain words (geo, boundaries, layers, maps, scripts), and Python looks into the
folder of a script or a notebook first: a file maps.py there would be taken for the program's. So
they are loaded here by their place, before anything asks for them by name. From then on, those five
names mean the program's packages in this process; a file of one's own with such a name needs
another one to be imported beside them.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType

HOME = Path(__file__).resolve().parent.parent
ROOMS = ("geo", "boundaries", "layers", "maps", "scripts")


def load_rooms() -> None:
    """Load the packages that are not loaded yet, without looking into any other folder.

    Raises ``ImportError`` when something else has been imported under one of their names; then
    nothing is loaded.
    """
    for room in ROOMS:
        if room in sys.modules and not _is_own(sys.modules[room]):
            raise ImportError(_taken(room, sys.modules[room]), name=room)
    for room in ROOMS:
        if room not in sys.modules:
            _load(room)


def _load(room: str) -> None:
    spec = PathFinder.find_spec(room, [str(HOME)])
    if spec is None or spec.loader is None:
        raise ImportError(
            f"A package of Pockets is not where it was installed. Expected: {HOME / room}. "
            "What to do: install deprivation-pockets again.",
            name=room,
        )
    module = module_from_spec(spec)
    sys.modules[room] = module
    spec.loader.exec_module(module)


def _is_own(module: ModuleType) -> bool:
    return _place(module).resolve() == HOME / module.__name__


def _place(module: ModuleType) -> Path:
    """Return the folder of a package, or the file of a module that is none."""
    folders = list(getattr(module, "__path__", []))
    return Path(folders[0] if folders else getattr(module, "__file__", None) or module.__name__)


def _taken(room: str, other: ModuleType) -> str:
    return (
        f"Pockets has a package of the name “{room}”, and something else has been imported under "
        f"it. Where: {_place(other)}. Expected: {HOME / room}, or nothing yet. What to do: import "
        "pockets before it, or, to use both, give that file or folder another name; then start "
        "Python anew."
    )
