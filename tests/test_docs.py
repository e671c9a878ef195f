"""The documents: the worked example runs, and the README says what is so."""

from __future__ import annotations

import pkgutil
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from layers.borough.country import Country
from layers.files import Files
from scripts.cli import app

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


def test_the_worked_example_runs_from_the_first_block_to_the_last(
    files: Files,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With what other tests have worked out of the same bytes."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POCKETS_CACHE", str(files.cache))
    blocks = BLOCK.findall((ROOT / "docs" / "example.md").read_text(encoding="utf-8"))
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "docs/example.md", "exec"), names)
    said = capsys.readouterr().out
    assert "Northmere 140 small areas, 5 pockets" in said
    assert (tmp_path / "northmere.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert (tmp_path / "own-map.png").stat().st_size > 10_000
    assert (tmp_path / "fuel-poverty.png").stat().st_size > 10_000


@pytest.mark.real
def test_the_three_lines_of_the_readme_run(
    england: Country, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For Halton, which other tests look into as well."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POCKETS_CACHE", str(england.files.cache))
    monkeypatch.setenv("POCKETS_MIRROR", str(england.files.mirror))
    (block,) = BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    exec(compile(block.replace("Liverpool", "Halton"), "README.md", "exec"), {})
    page = (tmp_path / "liverpool.html").read_text(encoding="utf-8")
    assert "<title>Halton: pockets of deprivation</title>" in page


def test_every_block_says_what_it_is_and_python_is_run_by_a_test() -> None:
    run = {"README.md", "docs/example.md"}
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        name = path.relative_to(ROOT).as_posix()
        fences = re.findall(r"^ *```(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert all(language.isalpha() for language in fences[::2]), name
        assert set(fences[1::2]) <= {""}, name
        assert "python" not in fences or name in run, name


def named_in(text: str) -> set[str]:
    """Return the modules, and the names in them, that a text leads to: `geo.stats.rank`."""
    return set(re.findall(r"`((?:geo|boundaries|layers|maps|scripts)(?:\.\w+)+)`", text))


def test_every_module_that_is_named_is_there() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    rooms = ("geo", "boundaries", "layers", "maps", "scripts")
    code = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    named = {name for path in [*pages, *code] for name in named_in(path.read_text("utf-8"))}
    assert {"geo.stats.rank", "layers.kinds.fuel_series"} <= named
    gone = []
    for name in sorted(named):
        try:
            pkgutil.resolve_name(name)
        except (ImportError, AttributeError):
            gone.append(name)
    assert gone == []


def commands_of(text: str) -> list[list[str]]:
    """Return the lines of a page's shell blocks that run the command, as a shell splits them."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = [shlex.split(line, comments=True) for block in blocks for line in block.splitlines()]
    return [line[1:] for line in lines if line[:1] == ["pockets"]]


def test_the_readme_begins_with_a_real_borough_and_has_the_sample_beside_it() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    first = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)[0].splitlines()
    assert [line.split("#")[0].strip() for line in first] == [
        "pip install .",
        "pockets build Liverpool",
    ]
    assert text.index("pockets build Liverpool") < text.index("`pockets build` makes the site of a")


@pytest.mark.parametrize("name", ["README.md", "docs/files.md", "docs/example.md", "docs/soak.md"])
def test_every_command_that_a_page_gives_is_understood(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its options as they stand there; nothing is run."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "downloads").mkdir()
    (tmp_path / "england-2025.zip").touch()
    known: Any = typer.main.get_command(app)
    text = (ROOT / name).read_text(encoding="utf-8")
    for line in commands_of(text):
        context = known.commands[line[0]].make_context(line[0], line[1:])
        assert context.params, line
    named = re.findall(r"`pockets (\w+)", text)
    assert set(named) <= known.commands.keys()
    assert name != "docs/files.md" or len(commands_of(text)) >= 5


def test_the_readme_fits_a_screen_and_names_what_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 75
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / target).exists(), target
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name in re.findall(r"`make (\w+)", text):
        assert re.search(rf"^{name}:", makefile, re.MULTILINE), name


def test_what_contributors_are_told_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    files = re.findall(r"`([\w./-]+\.(?:py|toml)|[\w./-]+/)`", text)
    assert len(files) > 10
    parents = (ROOT, ROOT / "maps" / "words")
    assert [name for name in files if not any((at / name).exists() for at in parents)] == []
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name in re.findall(r"^make ([\w-]+)", text, re.MULTILINE):
        assert re.search(rf"^{name}:", makefile, re.MULTILINE), name


def test_every_variable_of_the_environment_is_listed_for_contributors() -> None:
    """As the code names them: in quotation marks, or with a dollar of a shell before them."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `(POCKETS_\w+)` \|", text, re.MULTILINE))
    rooms = ("geo", "boundaries", "layers", "maps", "scripts", "pockets", "tests")
    used = {
        name
        for room in rooms
        for path in (ROOT / room).rglob("*.py")
        for name in re.findall(r'"(POCKETS_[A-Z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert used == listed
