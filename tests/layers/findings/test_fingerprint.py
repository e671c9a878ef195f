"""What pockets are made of: means of percentiles, their ends, and what is planted or shuffled."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from layers.findings.fingerprint import domains, fingerprints, mean_percentiles, spreads

ENDS = ("lowest", "highest")


@pytest.fixture(scope="module", params=["Northmere", "Westholt"])
def borough(request, boroughs):
    return boroughs[request.param]


def pool_of(lsoa):
    return lsoa.index[lsoa["pocket_id"].ne("") | lsoa["single"]]


def percentile(lsoa, layer, count):
    return 100 * (count - lsoa[layer.rank] + 1) / count


def test_percentiles_are_means_over_people_of_those_of_small_areas(borough):
    lsoa, pool = borough.lsoa, pool_of(borough.lsoa)
    assert len(domains(borough.edition)) == 7
    for layer in domains(borough.edition):
        shares = percentile(lsoa, layer, borough.counts[layer.id])
        people = "working_age_population" if layer.id.endswith("employment") else "population"
        for pocket, row in borough.pockets.iterrows():
            own = lsoa.index[lsoa["pocket_id"] == pocket]
            mean = np.average(shares[own], weights=lsoa.loc[own, people])
            others = pool.difference(own)
            beside = np.average(shares[others], weights=lsoa.loc[others, people])
            assert row[f"{layer.id}_mean_percentile"] == pytest.approx(mean)
            assert row[f"{layer.id}_percentile_lowest"] == shares[own].min()
            assert row[f"{layer.id}_percentile_highest"] == shares[own].max()
            assert row[f"{layer.id}_percentile_difference"] == pytest.approx(mean - beside)
            assert row["compared_lsoas"] == len(others)


def test_the_borough_and_the_whole_have_means_too(borough):
    lsoa, layer = borough.lsoa, domains(borough.edition)[0]
    name = f"{layer.id}_mean_percentile"
    shares = percentile(lsoa, layer, borough.counts[layer.id])
    assert borough.district[name] == pytest.approx(np.average(shares, weights=lsoa["population"]))
    assert 45 < borough.percentiles[name] < 55
    assert set(borough.percentiles) == {
        f"{each.id}_mean_percentile" for each in domains(borough.edition)
    }


def test_ends_are_those_of_the_small_areas_of_pockets_and_of_neighbourhoods(borough):
    for layer in borough.edition.layers:
        for places, key in ((borough.pockets, "pocket_id"), (borough.msoa, "msoa_code")):
            if layer.geography == "MSOA" and key == "msoa_code":
                assert layer.column("lowest") not in places
                continue
            for code, row in places.iterrows():
                own = borough.lsoa[borough.lsoa[key] == code]
                found = [row[layer.column(end)] for end in ENDS]
                assert found == [own[layer.value].min(), own[layer.value].max()]
                if not layer.ranks_in_words:
                    fifths = own[f"{layer.id}_quintile_england"]
                    assert row[f"{layer.id}_fifth_worst"] == fifths.min()
                    assert row[f"{layer.id}_fifth_best"] == fifths.max()


def test_a_mean_lies_between_its_ends(borough):
    for layer in borough.edition.layers:
        if layer.ranks_in_words:  # shares of households are pooled, not averaged over people
            low, high = (borough.pockets[layer.column(end)] for end in ENDS)
            assert borough.pockets[layer.value].between(low - 1e-9, high + 1e-9).all()


def test_planted_oddities_are_named(borough):
    chance, lsoa, named = np.random.default_rng(4), borough.lsoa, []
    pool, count = pool_of(lsoa), len(lsoa)
    for layer in domains(borough.edition):
        for pocket in borough.pockets.index:
            own = pool[lsoa.loc[pool, "pocket_id"] == pocket]
            planted = lsoa.assign(**{layer.rank: lsoa[layer.rank].astype("float64")})
            worse = chance.random() < 0.5
            ends = ((1, 25), (100, 200)) if worse else ((150, 225), (1, 60))
            for codes, (low, high) in zip((own, pool.difference(own)), ends, strict=True):
                planted.loc[codes, layer.rank] = chance.integers(low, high, len(codes))
            found = fingerprints(borough.edition, planted, borough.counts).loc[pocket]
            named.append(layer.id in found["stands_out" if worse else "stands_out_less"])
    assert count >= 90
    assert np.mean(named) >= 0.9


def test_of_shuffled_pockets_one_in_twenty_at_most_stands_out(borough):
    chance, lsoa, pool, out = np.random.default_rng(5), borough.lsoa, pool_of(borough.lsoa), []
    for _ in range(30):
        moved = pd.Series("", lsoa.index)
        moved[pool] = chance.permutation(lsoa.loc[pool, "pocket_id"])
        single = moved.eq("") & lsoa.index.isin(pool)
        shuffled = lsoa.assign(pocket_id=moved, single=single)
        found = fingerprints(borough.edition, shuffled, borough.counts)
        out += [
            bool(more or less)
            for more, less in zip(
                *(found[each] for each in ("stands_out", "stands_out_less")), strict=True
            )
        ]
    assert len(out) >= 90
    assert np.mean(out) <= 0.05


def test_a_borough_without_pockets_has_all_columns_and_no_rows(borough):
    none = borough.lsoa.assign(pocket_id="", single=False)
    found = fingerprints(borough.edition, none, borough.counts)
    assert len(found) == 0
    ends = spreads(borough.edition.layers, none, none["pocket_id"])
    assert len(ends) == 0
    assert {*found, *ends} <= set(borough.pockets)
    assert mean_percentiles(borough.edition, none, none["lad_code"], borough.counts).shape == (1, 7)
