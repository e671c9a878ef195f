"""Other people's validators, for what programs are told of the tables in CSV."""

from __future__ import annotations

import warnings

import csvw

with warnings.catch_warnings():
    # the validator's own imports are on their way out
    warnings.simplefilter("ignore")
    import frictionless


def problems_of(folder):
    """List what is wrong with the tables of a folder by their Data Package."""
    report = frictionless.validate(str(folder / "datapackage.json"))
    found = [error for task in report.tasks for error in task.errors] + report.errors
    return sorted({error.type for error in found})


def wrong_on_the_web(folder):
    """List the tables of a folder that are not as CSV on the Web tells of them."""
    described = sorted(folder.glob("*.csv-metadata.json"))
    assert [path.name.removesuffix("-metadata.json") for path in described] == sorted(
        path.name for path in folder.glob("*.csv")
    )
    wrong = []
    for path in described:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            valid = csvw.CSVW(str(path), validate=True).is_valid
        wrong += [path.name] if told or not valid else []
    return wrong
