# Every target makes the environment it needs. PYTHON may name another interpreter (3.11 to 3.13).
PYTHON ?= python3
AREA ?= sample
EDITION ?= 2025
OUT ?= site
VENV := .venv
BIN := $(VENV)/bin

# Official files that are already downloaded, if there are any beside the project.
ifneq ($(wildcard ../shared/data),)
export POCKETS_MIRROR ?= $(abspath ../shared/data)
endif

.PHONY: build test test-fast check browser qgis bench soak docs reliability mutants lock clean

build: $(VENV)/run.done
	$(BIN)/pockets build "$(AREA)" --edition $(EDITION) --out "$(OUT)" $(OPTIONS)

# As many tests as there are processors run at once: threads of their libraries would wait for one another.
test test-fast: export OPENBLAS_NUM_THREADS ?= 1

test: $(VENV)/dev.done
	$(BIN)/python -m pytest -n auto --dist loadfile

# What needs no site: the pure tools, boundaries, kinds of layer, and the examples in the code.
test-fast: $(VENV)/dev.done
	$(BIN)/python -m pytest -n auto --dist loadfile tests/geo tests/boundaries tests/layers/kinds geo boundaries \
	  layers maps pockets

check: $(VENV)/dev.done
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

browser:
	apt-get update -q
	apt-get install -y -q --no-install-recommends chromium

# For the tests that open the GeoPackage in a real QGIS (set POCKETS_QGIS=1 to run them).
qgis:
	apt-get update -q
	apt-get install -y -q --no-install-recommends python3-qgis

bench: $(VENV)/dev.done
	$(BIN)/python -m scripts.dev.bench

# Every district of edition 2019, which takes the better part of an hour; needs the official files.
soak: $(VENV)/dev.done
	$(BIN)/python -m scripts.dev.soak

docs: $(VENV)/dev.done
	$(BIN)/python -m scripts.dev.write_docs

# Injects the faults of tests/faults.toml, and writes their table when all came out right.
reliability: $(VENV)/dev.done
	$(BIN)/python -m scripts.dev.write_reliability

# Plants the faults of tests/mutants.toml one at a time in a copy of the code, and writes which of them live.
mutants: $(VENV)/dev.done
	$(BIN)/python -m tests.mutants

# Pins are exported without addresses, for Python 3.11 to 3.13 at once.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-annotate --no-emit-index-url -o requirements.txt
	$(PYTHON) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' \
	  | uv pip compile - --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-annotate --no-emit-index-url -o requirements-build.txt
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url -c requirements.txt -o requirements-dev.txt

clean:
	rm -rf $(VENV) build dist *.egg-info

$(VENV)/run.done: requirements.txt requirements-build.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt \
	  -r requirements-build.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/dev.done: requirements-dev.txt $(VENV)/run.done
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@
