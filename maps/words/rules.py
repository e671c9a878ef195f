"""The rule of a build's pockets in words, taken from the rule itself (`geo.space.rules.RULES`).

What a pocket is called anywhere, a map's key, a sentence, the methods, is made of these few.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from geo.space.pockets import threshold
from geo.space.rules import RULES, Rule, rule_of
from layers.findings.pockets import Choice
from layers.layer import Edition
from maps.look.numbers import tenths_in_words, trimmed

if TYPE_CHECKING:
    from layers.borough.borough import Borough

THEIR_BOROUGH = "their borough"
"""The place of a rule where several boroughs are spoken of."""
SETTING_NAMES = {
    "rule": "rule of pockets",
    "d": "cut-off of the rule",
    "tau": "least rise of a peak",
    "false_discovery_rate": "false discovery rate of clusters",
    "permutations": "draws of chance for the overlap of layers",
    "seed": "seed of the draws",
    "steps_england": "steps of values for clusters of England",
    "steps_borough": "steps of values for clusters of a borough",
    "own_names": "file of own names",
    "earlier_editions": "earlier editions",
}
"""Settings in the order in which they are told, and what each is called."""


def meeting_rule(borough: Borough, *, place: str = "") -> str:
    """Say what small areas of a pocket are, to follow “small areas that are”.

    ``place`` is what a rule that looks at one borough speaks of, else the borough.
    """
    choice = Choice.of(borough.settings)
    return _worded(rule_of(choice.rule), choice.limit, borough.edition, place or borough.called)


def nothing_met(borough: Borough, *, place: str = "") -> str:
    """Say what was looked for where no pocket was found."""
    met = meeting_rule(borough, place=place)
    return f"no two small areas that touch are both {met}"


def pockets_are(borough: Borough, *, place: str = "") -> str:
    """Say what a pocket is: areas that touch and meet the rule."""
    return f"small areas that touch and are all {meeting_rule(borough, place=place)}"


def height_of(borough: Borough) -> str:
    """Name what candidates are split by."""
    return rule_of(Choice.of(borough.settings).rule).height


def rise_in_words(borough: Borough) -> str:
    """Say how far above the saddle to a higher peak a pocket's peak must stand."""
    choice = Choice.of(borough.settings)
    deviations = trimmed(threshold(choice.tau, spread=1.0))
    return rule_of(choice.rule).scale.format(tau=trimmed(choice.tau), deviations=deviations)


def every_rule(edition: Edition) -> list[tuple[str, str]]:
    """Return the name of every rule with what it looks for, at its usual limit."""
    return [
        (name, _worded(rule, rule.limit, edition, THEIR_BOROUGH)) for name, rule in RULES.items()
    ]


def on_layers(least: int, of: int) -> str:
    """Name a number of layers that are met at least.

    >>> on_layers(3, 4), on_layers(4, 4)
    ('on at least 3 of the 4 layers', 'on all 4 layers')
    """
    return f"on all {of} layers" if least == of else f"on at least {least} of the {of} layers"


def _worded(rule: Rule, limit: int | None, edition: Edition, place: str) -> str:
    return rule.words.format(
        tenths=tenths_in_words(limit or 0),
        layers=on_layers(limit or 0, len(edition.overlap)),
        whole=edition.whole,
        place=place,
    )


def settings_in_words(settings: Mapping[str, object]) -> dict[str, object]:
    """Return settings by their names in words, what pockets hang on first.

    >>> settings_in_words({"tau": 5.0, "rule": "national"})
    {'rule of pockets': 'national', 'least rise of a peak': 5.0}
    """
    order = [*SETTING_NAMES, *sorted(set(settings) - set(SETTING_NAMES))]
    return {
        SETTING_NAMES.get(name, name.replace("_", " ")): settings[name]
        for name in order
        if name in settings
    }
