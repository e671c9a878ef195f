"""The sample: its places fit together, its pockets are found, its files are what readers expect."""

from __future__ import annotations

import io
import re
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from gudhi.clustering.tomato import Tomato

from boundaries.read import read_areas
from geo.crs import to_bng
from geo.errors import OutputError
from geo.fetch.errand import Errand
from geo.fetch.locate import locate
from geo.sources import Source
from geo.space.neighbours import islands, neighbours, subgraph
from geo.space.pockets import split
from geo.space.zonal import area_means
from geo.tables.read import read_rows, read_table
from layers.catalogue import catalogue
from layers.layer import edition
from layers.pcm_grid import read_grid
from scripts.sample.files import WRITERS, living_postcodes
from scripts.sample.places import BOROUGHS, make_places, shared_out
from scripts.sample.planted import SINGLES_KM, plant, touching_graph
from scripts.sample.values import DOMAINS, Sample, make_sample, on_exponential_scale
from scripts.sample.write import kept_sample, planted, write_sample

ROOT = Path(__file__).resolve().parents[3]
SEED = 2019
TABLES = [(source_id, table) for source_id in WRITERS for table in catalogue()[source_id].tables]

NARROW = """
import resource, signal, sys
from pathlib import Path
from geo.errors import CacheError
from scripts.sample.write import kept_sample
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, 1 << 16))
try:
    kept_sample(Path(sys.argv[1]))
except CacheError as problem:
    print(problem)
"""


@pytest.fixture(scope="module")
def sample() -> Sample:
    return make_sample(SEED)


@pytest.fixture(scope="module")
def truth() -> pd.Series:
    """Return the codes of each planted pocket, by its name."""
    return planted().groupby("pocket")["area_code"].agg(set)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("sample") / "mirror")


def file_bytes(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# --- the files


def test_every_source_of_the_edition_is_written_and_nothing_else(written: Path) -> None:
    sources = {catalogue()[source_id].path for source_id in edition("sample").sources.values()}
    assert set(file_bytes(written)) == {str(Path(path)) for path in sources}
    assert set(WRITERS) == set(edition("sample").sources.values())


def test_the_same_seed_gives_the_same_bytes(written: Path, tmp_path: Path) -> None:
    again = file_bytes(write_sample(tmp_path / "again", seed=SEED))
    assert {path for path, held in file_bytes(written).items() if again[path] != held} == set()


def test_another_seed_gives_another_place() -> None:
    assert not make_places(1).lsoa.geometry.equals(make_places(SEED).lsoa.geometry)


def test_a_folder_with_something_in_it_is_kept_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "mirror"
    folder.mkdir()
    (folder / "own.csv").write_text("somebody's")
    with pytest.raises(OutputError, match="Expected: a new folder, or an empty one"):
        write_sample(folder)
    assert (folder / "own.csv").read_text() == "somebody's"
    assert [path.name for path in tmp_path.rglob("*")] == ["mirror", "own.csv"]


def test_the_sample_that_is_kept_is_the_same_and_heals(written: Path, tmp_path: Path) -> None:
    kept = kept_sample(tmp_path)
    assert file_bytes(kept) == file_bytes(written)
    file = next(path for path in kept.rglob("*.csv"))
    file.write_bytes(file.read_bytes().replace(b"1", b"2", 1))
    assert kept_sample(tmp_path) == kept
    assert file_bytes(kept) == file_bytes(written)


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="needs a system that limits files")
def test_a_disk_that_takes_no_more_is_the_caches_fault(tmp_path: Path) -> None:
    """Let no file grow beyond 64 KiB: the boundaries, which GDAL writes, are cut first."""
    ended = subprocess.run(
        [sys.executable, "-c", NARROW, str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert "The cache cannot be written" in ended.stdout
    assert "POCKETS_CACHE" in ended.stdout
    assert [path.name for path in tmp_path.rglob("*") if path.name != ".lock"] == []


def test_a_folder_that_cannot_be_made_is_refused_in_one_paragraph(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(OutputError, match="The sample could not be written"):
        write_sample(blocked / "mirror")
    assert blocked.read_text() == "in the way"


@pytest.mark.parametrize("source_id", WRITERS)
def test_records_say_that_the_place_does_not_exist(source_id: str) -> None:
    source = catalogue()[source_id]
    assert source.title.startswith("Fictional sample: ")
    assert source.attribution == "Fictional sample data; the place does not exist."
    assert source.licence == "Fictional: no licence needed"
    assert (source.address.url, source.address.kind, source.sha256) == ("", "made", None)
    others = {entry.path for key, entry in catalogue().items() if key != source_id}
    assert source.path not in others


@pytest.mark.parametrize("source_id", WRITERS)
def test_files_are_found_and_verified_as_official_ones_are(
    source_id: str, written: Path, tmp_path: Path
) -> None:
    source = catalogue()[source_id]
    errand = Errand(cache=tmp_path, mirror=written, offline=True)
    assert locate(source, errand) == written / source.path


@pytest.mark.parametrize(("source_id", "table"), TABLES)
def test_every_table_reads_with_the_real_reader(source_id: str, table: str, written: Path) -> None:
    source = catalogue()[source_id]
    read = read_table(written / source.path, source, table)
    assert len(read) == source.tables[table].rows
    assert not read.isna().any(axis=None)


@pytest.mark.parametrize("level", ["lsoa", "msoa"])
def test_boundaries_survive_the_journey_to_degrees_and_back(
    level: str, written: Path, sample: Sample
) -> None:
    source = catalogue()[f"sample_{level}_boundaries"]
    made = getattr(sample.places, level)
    read = read_areas(written / source.path, source)
    assert list(read.index) == list(made.index)
    assert list(read["area_name"]) == list(made["area_name"])
    for code, shape in made.geometry.items():
        corners = shapely.get_coordinates(shapely.normalize(shape))
        apart = shapely.get_coordinates(read.geometry[code]) - corners
        assert np.abs(apart).max() < 0.01


def test_boundaries_have_the_fields_of_the_portal(written: Path) -> None:
    path = written / catalogue()["sample_lsoa_boundaries"].path
    table = pyogrio.read_dataframe(path)
    assert list(table.columns) == [
        "LSOA11CD", "LSOA11NM", "BNG_E", "BNG_N", "LONG", "LAT", "geometry",
    ]  # fmt: skip
    assert table.crs.to_epsg() == 4326
    assert set(table.geom_type) == {"MultiPolygon"}
    assert to_bng(table).geometry.centroid.x.between(150_000, 180_000).all()
    with sqlite3.connect(path) as database:
        assert database.execute("select last_change from gpkg_contents").fetchone() == (
            "2000-01-01T00:00:00.000Z",
        )


def test_postcodes_cannot_be_real_and_are_unlike(written: Path, sample: Sample) -> None:
    source = catalogue()["sample_postcodes"]
    read = read_table(written / source.path, source, "main")
    table = read.set_axis(["lsoa11cd", "ladcd"], axis=1).rename_axis("pcds").reset_index()
    assert table["pcds"].str.fullmatch(r"Q[NW]\d{1,2} \d[ABD-HJLNP-UW-Z]{2}").all()
    pd.testing.assert_frame_equal(table, living_postcodes(sample)[table.columns], check_dtype=False)
    assert table["pcds"].is_unique
    assert set(table["lsoa11cd"]) == set(sample.places.lsoa.index)
    expected = sample.places.lsoa["lad_code"][table["lsoa11cd"]].to_numpy()
    assert (table["ladcd"].to_numpy() == expected).all()


def test_postcodes_stand_in_an_archive_with_ended_ones_and_those_of_elsewhere(
    written: Path,
) -> None:
    path = written / catalogue()["sample_postcodes"].path
    with zipfile.ZipFile(path) as archive:
        (name,) = archive.namelist()
        text = archive.read(name).decode("utf-8")
    assert name == "sample_postcodes.csv"
    assert text.startswith('"pcd7","pcd8","pcds","dointr","doterm","usertype","oa11cd","lsoa11cd",')
    assert text.count("\r\n") == text.count("\n")
    table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    assert table["pcds"].is_unique
    assert (len(table.columns), len(table)) == (14, 2530 + 127 + 6)
    assert (table["doterm"] != "").sum() == 127
    assert table["lsoa11cd"].str.startswith("N").sum() == 6
    assert table["pcds"].str.startswith("Q").all()


# --- the places


@pytest.mark.parametrize("seed", [SEED, 1, 2])
def test_areas_tile_the_ground(seed: int) -> None:
    places = make_places(seed)
    shapes = places.lsoa.geometry.to_numpy()
    assert (len(places.lsoa), len(places.msoa)) == (230, 46)
    assert places.lsoa.groupby("lad_name").size().to_dict() == {"Northmere": 140, "Westholt": 90}
    assert places.msoa.groupby("lad_name").size().to_dict() == {"Northmere": 28, "Westholt": 18}
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    ground = shapely.coverage_union_all(shapes)
    assert shapely.get_num_interior_rings(shapely.get_parts(ground)).sum() == 0
    assert ground.area == pytest.approx(shapely.area(shapes).sum())
    corners = shapely.get_coordinates(shapes)
    assert (corners == np.round(corners)).all()


@pytest.mark.parametrize("seed", [SEED, 1, 2])
def test_msoas_are_unions_of_four_to_six_connected_lsoas(seed: int) -> None:
    places = make_places(seed)
    graph = touching_graph(places.lsoa)
    for code, members in places.lsoa.groupby("msoa_code"):
        assert 4 <= len(members) <= 6
        united = shapely.union_all(members.geometry.to_numpy())
        assert united.symmetric_difference(places.msoa.geometry[code]).area < 1
        mainland = set(members.index[~members["islet"]])
        assert reached(graph, mainland) == mainland
        assert set(members["lad_code"]) == {places.msoa["lad_code"][code]}


def reached(graph: dict[str, set[str]], codes: set[str]) -> set[str]:
    found, waiting = set(), {min(codes)}
    while waiting:
        found |= waiting
        waiting = {near for code in waiting for near in graph[code]} & codes - found
    return found


def test_one_neighbourhood_is_cut_off_by_water(sample: Sample) -> None:
    graph = touching_graph(sample.places.lsoa)
    alone = [code for code, near in graph.items() if not near]
    assert alone == list(sample.places.lsoa.index[sample.places.lsoa["islet"]])
    assert len(alone) == 1


def test_codes_are_of_the_unused_ranges_and_names_unique(sample: Sample) -> None:
    lsoa, msoa = sample.places.lsoa, sample.places.msoa
    assert list(lsoa.index) == [f"E01900{number:03d}" for number in range(1, 231)]
    assert list(msoa.index) == [f"E02900{number:03d}" for number in range(1, 47)]
    assert {borough.code for borough in BOROUGHS} == {"E08900001", "E06900001"}
    assert lsoa["area_name"].is_unique
    assert msoa["local_name"].is_unique
    assert lsoa["area_name"].str.fullmatch(r"(Northmere|Westholt) \d{3}[A-F]").all()


@pytest.mark.real
def test_codes_and_names_are_not_in_the_official_files(
    sample: Sample, official_file: Callable[[str], tuple[Path, Source]]
) -> None:
    names, indices = official_file("msoa_2011_names"), official_file("imd_2019")
    for path, _ in (names, indices):
        text = path.read_text(encoding="utf-8-sig")
        assert re.findall(r"\bE(?:019|029|069|089|119|129)\d{6}\b", text) == []
    official = set(read_table(*names, "main")["hcl_name"])
    assert official.isdisjoint(sample.places.msoa["local_name"])


def test_the_place_lies_in_open_water(sample: Sample) -> None:
    west, south, east, north = sample.places.lsoa.total_bounds
    assert west > 150_000
    assert south > 420_000
    assert east < 180_000
    assert north < 450_000


def test_neighbourhoods_have_the_size_of_real_ones(sample: Sample) -> None:
    people, area = sample.places.lsoa["population"], sample.places.lsoa.area / 1e6
    assert people.between(1_000, 3_000).all()
    assert people.sum() == 390_000
    assert area.max() > 15 * area.min()


def test_whole_numbers_are_shared_out_without_loss() -> None:
    assert shared_out(7, [2.0, 1.0, 1.0]).tolist() == [3, 2, 2]
    assert shared_out(1_000, np.arange(1, 98)).sum() == 1_000


# --- the pockets


def found_pockets(sample: Sample, tau: float) -> list[set[str]]:
    """Find pockets as METHODS.md says, with gudhi alone: rule `national`, d = 2."""
    graph, areas = touching_graph(sample.places.lsoa), sample.places.lsoa
    deprived = sample.indices.index[sample.indices["imd_decile"] <= 2]
    pockets: list[set[str]] = []
    for borough in BOROUGHS:
        codes = [code for code in deprived if areas["lad_code"][code] == borough.code]
        place = {code: number for number, code in enumerate(codes)}
        near = [[place[other] for other in sorted(graph[code]) if other in place] for code in codes]
        method = Tomato(graph_type="manual", density_type="manual", merge_threshold=tau)
        labels = method.fit(near, weights=sample.indices["imd_score"][codes].to_numpy()).labels_
        members = pd.Series(codes).groupby(np.asarray(labels)).agg(set)
        pockets += [pocket for pocket in members if len(pocket) >= 2]
    return pockets


def overlaps(truth: pd.Series, found: list[set[str]]) -> dict[str, float]:
    """Return, for each planted pocket, its best Jaccard overlap with a found one."""
    return {
        str(name): max(len(codes & pocket) / len(codes | pocket) for pocket in found)
        for name, codes in truth.items()
    }


def test_planted_pockets_are_found(sample: Sample, truth: pd.Series) -> None:
    found = found_pockets(sample, 5)
    best = overlaps(truth, found)
    assert len(best) == len(found) == 8
    assert min(best.values()) >= 0.8, best


def test_planted_pockets_are_found_in_the_files_too(written: Path, truth: pd.Series) -> None:
    boundaries, imd = catalogue()["sample_lsoa_boundaries"], catalogue()["sample_imd"]
    areas = read_areas(written / boundaries.path, boundaries)
    table = read_table(written / imd.path, imd, "main").reindex(areas.index)
    graph = neighbours(areas)
    assert len(islands(graph)) == 1
    found: list[set[str]] = []
    for _, own in table.groupby("lad_code"):
        part = split(
            own["imd_decile"] <= 2,
            own["imd_score"],
            subgraph(graph, own.index),
            tau=5,
            easting=areas["easting"][own.index],
            northing=areas["northing"][own.index],
        )
        pockets = part[part["members"] >= 2]
        found += [set(members) for members in pockets.groupby("peak").groups.values()]
    assert len(found) == 8
    assert min(overlaps(truth, found).values()) >= 0.8


def test_planted_pockets_are_connected_and_apart(sample: Sample, truth: pd.Series) -> None:
    graph, districts = touching_graph(sample.places.lsoa), sample.places.lsoa["lad_code"]
    assert truth.map(len).between(4, 12).all()
    assert len(set().union(*truth)) == truth.map(len).sum()
    meeting = set()
    for name, codes in truth.items():
        assert reached(graph, codes) == codes
        assert districts[sorted(codes)].nunique() == 1
        rim = {near for code in codes for near in graph[code]} - codes
        meeting |= {frozenset((name, other)) for other, there in truth.items() if rim & there}
    assert meeting == {
        frozenset(("Old Foundry", "Ropewalk Streets")),
        frozenset(("Causeway Estate", "Causeway South")),
    }


def test_two_pockets_are_one_area_of_deprivation_without_prominence(sample: Sample) -> None:
    assert len(found_pockets(sample, 100)) == len(found_pockets(sample, 5)) - 1


def test_pockets_and_singles_are_the_worst_fifth(sample: Sample) -> None:
    table = plant(sample.places)
    worst = sample.indices.index[sample.indices["imd_decile"] <= 2]
    assert set(table["area_code"]) == set(worst)
    assert (table["pocket"] == "").sum() == len(SINGLES_KM)


def test_westholt_is_better_off_and_has_hidden_neighbourhoods(sample: Sample) -> None:
    table = sample.indices.join(sample.places.lsoa["lad_name"])
    average = table.groupby("lad_name")["imd_score"].mean()
    assert average["Westholt"] < 0.7 * average["Northmere"]
    westholt = table[table["lad_name"] == "Westholt"]
    worst = westholt["imd_rank"].rank() <= len(westholt) / 5
    assert westholt.loc[worst, "imd_decile"].isin([4, 5]).sum() >= 1


# --- the layers


def test_indices_follow_the_publishers_rules(sample: Sample) -> None:
    table, count = sample.indices, len(sample.indices)
    for name in ("imd", *(domain.name for domain in DOMAINS), "children", "older"):
        rank, score = table[f"{name}_rank"], table[f"{name}_score"]
        assert (table[f"{name}_decile"] == np.ceil(rank * 10 / count)).all()
        assert rank.min() == 1
        assert score[rank.sort_values().index].is_monotonic_decreasing
    rebuilt = sum(
        weight * on_exponential_scale((count + 1 - table[f"{name}_rank"]) / count)
        for name, weight in {
            "income": 0.225, "employment": 0.225, "education": 0.135, "health": 0.135,
            "crime": 0.093, "barriers": 0.093, "living_environment": 0.093,
        }.items()
    )  # fmt: skip
    assert (rebuilt - table["imd_score"]).abs().max() <= 0.0005
    assert (table[["children", "adults", "older"]].sum(axis=1) == table["population"]).all()


def test_layers_are_related_and_not_the_same(sample: Sample) -> None:
    fuel = sample.fuel_poverty["fuel_poor"] / sample.fuel_poverty["households"]
    score = sample.indices["imd_score"]
    assert 0.5 < score.corr(fuel) < 0.9
    assert 0.2 < score.corr(sample.air["no2"]) < 0.8
    assert fuel.between(0.02, 0.6).all()


def test_table_of_districts_adds_up_the_neighbourhoods(written: Path) -> None:
    source = catalogue()["sample_fuel_poverty"]
    by_lsoa = read_table(written / source.path, source, "lsoa")
    by_district = read_table(written / source.path, source, "district")
    counts = ["households", "fuel_poor"]
    sums = by_lsoa.groupby("lad_code")[counts].sum()
    assert (by_district.loc[sums.index, counts] == sums).all(axis=None)
    assert by_district.loc["E92900001", "households"] == sums["households"].sum() == 169_000
    made = 100 * by_lsoa["fuel_poor"] / by_lsoa["households"]
    assert (made - by_lsoa["published_pct"]).abs().max() < 1e-9


def test_grids_leave_the_islet_without_a_value(written: Path, sample: Sample) -> None:
    source = catalogue()["sample_pcm_no2_2021"]
    assert source.grid is not None
    lines = (written / source.path).read_text().splitlines()
    assert lines[5] == "gridcode,x,y,no22021"
    assert sum(line.endswith(",MISSING") for line in lines) > 100
    means = area_means(sample.places.lsoa, read_grid(written / source.path, source.grid))
    without = means.index[means["mean"].isna()]
    assert list(sample.places.lsoa.index[sample.places.lsoa["islet"]]) == list(without)


def test_the_ready_table_agrees_with_the_grids(written: Path, sample: Sample) -> None:
    for pollutant in ("pm25", "no2"):
        annual = []
        for year in (2021, 2022, 2023):
            source = catalogue()[f"sample_pcm_{pollutant}_{year}"]
            assert source.grid is not None
            raster = read_grid(written / source.path, source.grid)
            annual.append(area_means(sample.places.lsoa, raster)["mean"])
        mean = sum(annual) / 3
        assert (mean - sample.air[pollutant]).abs().max() < 0.0051


def test_deaths_and_people_add_up(sample: Sample) -> None:
    weeks = pd.DatetimeIndex(sample.weekly.columns)
    inside = (weeks >= pd.Timestamp("2020-03-06")) & (weeks <= pd.Timestamp("2021-04-30"))
    assert inside.sum() == 61
    assert sample.weekly.loc[:, inside].to_numpy().sum() == 1_000
    assert sample.weekly.loc[:, weeks < pd.Timestamp("2020-03-06")].to_numpy().sum() == 0
    assert sample.deaths.to_numpy().sum() == 900
    assert sample.people.to_numpy().sum() == 398_000


@pytest.mark.parametrize(("year", "weeks"), [(2020, 53), (2021, 52)])
def test_weekly_workbooks_have_the_publishers_layout(
    year: int, weeks: int, written: Path, sample: Sample
) -> None:
    source = catalogue()[f"sample_weekly_deaths_{year}"]
    rows = read_rows(written / source.path, source, "Covid-19 - Weekly registrations")
    assert rows[4][:3] == ["Week number", "", 1.0]
    assert [cell for cell in rows[4][2:] if cell != ""] == list(range(1, weeks + 1))
    assert [rows[number][1] for number in (9, 31, 53)] == ["Persons 4", "Males 4", "Females 4"]
    assert [row[1] for row in rows[11:14]] == ["<1", "1-4", "5-9"]
    persons, males, females = (
        np.array([row[2:] for row in rows[start : start + 20]], dtype=float)
        for start in (11, 33, 55)
    )
    assert (persons == males + females).all()
    assert persons.sum(axis=0).tolist() == [float(str(cell)) for cell in rows[8][2:]]


def test_poor_places_lost_more_people(sample: Sample) -> None:
    deaths = sample.deaths.sum(axis=1)
    score = sample.indices["imd_score"].groupby(sample.places.lsoa["msoa_code"]).mean()
    older = sample.people.loc[:, (slice(None), ["75-79", "80-84", "85-89", "90+"])].sum(axis=1)
    assert score.corr(deaths / older, method="spearman") > 0.3
