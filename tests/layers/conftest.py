"""The sample as the tests of layers meet it: read, joined and assembled once a session."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from layers.borough.assemble import assemble
from layers.catalogue import catalogue
from layers.files import Files
from scripts.sample.workbooks import write_workbook

BOROUGHS = {"E06900001": "Westholt", "E08900001": "Northmere"}


@pytest.fixture(scope="session")
def tables(country):
    return country.tables


@pytest.fixture(scope="session")
def found(country):
    return country.findings


@pytest.fixture(scope="session")
def boroughs(country):
    """Return both boroughs of the sample by name, Northmere assembled first."""
    codes = sorted(BOROUGHS, reverse=True)
    return {BOROUGHS[code]: assemble(country, code, place="the sample") for code in codes}


class Mirror:
    """A copy of the sample whose files a test may spoil; what was converted before is at hand."""

    def __init__(self, files: Files, folder: Path) -> None:
        self.folder = folder / "mirror"
        shutil.copytree(files.mirror, self.folder, copy_function=os.link)
        working = shutil.ignore_patterns(".*")  # what other processes are making just now
        shutil.copytree(files.cache / "converted", folder / "cache" / "converted", ignore=working)
        self.files = Files(
            edition=files.edition, cache=folder / "cache", mirror=self.folder, offline=True
        )

    def path(self, role: str) -> Path:
        """Return the path of a role's file, which is a copy from now on."""
        path = self.folder / catalogue()[self.files.edition.sources[role]].path
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content)
        return path

    def csv(self, role: str, change) -> None:
        """Change a csv file as a frame of texts."""
        path = self.path(role)
        change(pd.read_csv(path, dtype=str, keep_default_na=False)).to_csv(path, index=False)

    def workbook(self, role: str, change) -> None:
        """Change a workbook as lists of rows by sheet."""
        path = self.path(role)
        book = CalamineWorkbook.from_path(path)
        sheets = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
        }
        write_workbook(path, change(sheets) or sheets)

    def left_behind(self) -> list[str]:
        """Name what stands in the cache beside the conversions that were there before."""
        inside = (self.folder.parent / "cache").rglob("*")
        return [path.name for path in inside if ".part" in path.name or "tables-" in path.name]


@pytest.fixture
def mirror(files, tables, tmp_path):
    return Mirror(files, tmp_path)
