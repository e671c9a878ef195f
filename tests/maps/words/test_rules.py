"""The words of a rule: true of every rule with its cut-off and scale, and the same everywhere."""

from __future__ import annotations

import dataclasses
import re

import pytest

from geo.space.rules import MOST_LAYERS, RULES
from layers.findings.clusters import CLUSTER_SETTINGS
from layers.findings.pockets import Choice
from layers.layer import edition
from maps.page.borough import borough_page
from maps.profiles.context import context_of, peers_of
from maps.profiles.profile import borough_profile, pocket_profile
from maps.site.index import index_page
from maps.words.captions import rule_in_words
from maps.words.methods_in_brief import methods_in_brief
from maps.words.reading import how_to_read
from maps.words.rules import (
    SETTING_NAMES,
    every_rule,
    meeting_rule,
    nothing_met,
    settings_in_words,
)
from maps.words.sentences import finding

SAID = {
    Choice(): "in the most deprived fifth of the sample",
    Choice(limit=1): "in the most deprived tenth of the sample",
    Choice(limit=3): "in the most deprived three tenths of the sample",
    Choice(limit=7): "in the most deprived 70% of the sample",
    Choice(rule="borough"): "in the most deprived fifth of Northmere",
    Choice(rule="cluster"): (
        "in a significant cluster of deprivation within Northmere and its surroundings"
    ),
    Choice(rule="overlap"): (
        "in the worst fifth of the sample on at least 3 of the 4 layers counted together"
    ),
    Choice(rule="overlap", limit=4): (
        "in the worst fifth of the sample on all 4 layers counted together"
    ),
}
RISES = {
    Choice(): "peak of the score of overall deprivation stands at least 5 points above",
    Choice(tau=2.5): "peak of the score of overall deprivation stands at least 2.5 points above",
    Choice(rule="overlap", tau=8): (
        "peak of the mean percentile of the layers counted together stands at least 0.4 standard"
        " deviations above"
    ),
}


def by(borough, choice, **changed):
    """Return a borough as if its pockets were found by a choice."""
    return dataclasses.replace(borough, settings=choice.settings(), **changed)


@pytest.mark.parametrize(("choice", "said"), SAID.items(), ids=lambda each: str(each)[:60])
def test_a_rule_is_said_with_its_cut_off(choice, said, invented_borough):
    borough = by(invented_borough, choice)
    assert meeting_rule(borough) == said
    assert rule_in_words(borough) == f"Touching small areas (LSOAs) {said}"
    assert f"is a pocket: small areas that touch and are all {said}." in how_to_read(borough)[1]
    none = by(invented_borough, choice, pockets=invented_borough.pockets.iloc[:0])
    assert nothing_met(none) == f"no two small areas that touch are both {said}"
    assert finding(none).endswith(f"no pocket of deprivation: {nothing_met(none)}.")


@pytest.mark.parametrize(("choice", "said"), SAID.items(), ids=lambda each: str(each)[:60])
def test_every_page_says_the_rule_that_was_used_and_no_other(choice, said, invented_borough):
    borough = by(invented_borough, choice)
    context = context_of(borough, peers_of([borough]))
    pages = {
        "map": borough_page(borough),
        "profile": borough_profile(context),
        "pocket": pocket_profile(context, str(borough.pockets.index[0])),
        "brief": " ".join(text for _, text in methods_in_brief(borough)),
    }
    others = {other for other in SAID.values() if other not in said and said not in other}
    assert {name for name, page in pages.items() if said not in page} == set()
    assert {name for name, page in pages.items() if any(other in page for other in others)} == set()
    several = index_page([borough], {borough.code: "northmere"})
    assert said.replace("Northmere", "their borough") in several


@pytest.mark.parametrize(("choice", "said"), RISES.items(), ids=lambda each: str(each)[:60])
def test_a_scale_is_said_in_the_unit_of_the_rules_height(choice, said, invented_borough):
    text = " ".join(text for _, text in methods_in_brief(by(invented_borough, choice)))
    assert said in text


def test_every_rule_is_named_with_words_that_leave_nothing_open():
    told = dict(every_rule(edition("2019")))
    assert list(told) == list(RULES)
    assert told["national"] == "in the most deprived fifth of England"
    assert told["borough"] == "in the most deprived fifth of their borough"
    assert not any("{" in words for words in told.values())


@pytest.mark.parametrize("edition_id", ["2019", "sample"])
def test_no_more_layers_can_be_asked_for_than_are_counted(edition_id):
    assert len(edition(edition_id).overlap) == MOST_LAYERS == RULES["overlap"].limits[-1]


def test_every_setting_of_a_build_has_words_and_none_a_key():
    settings = {**Choice().settings(), **CLUSTER_SETTINGS}
    assert set(settings) <= set(SETTING_NAMES)
    told = settings_in_words({**settings, "a_new_one": 1})
    assert list(told.values())[:3] == ["national", 2, 5.0]
    assert told["a new one"] == 1
    assert len(told) == len(settings) + 1
    assert not [name for name in told if re.search("_|tau", name)]
