# What a person can ask for; `make help` prints it. Everything is installed into .venv from locked files.
SHELL := /bin/sh
BIN := .venv/bin
SOURCE_PORT ?= 8700
JOURNALIST_PORT ?= 8701
# 0: no door without scripts
NOSCRIPT_PORT ?= 8702
# 3.11: Debian 12, 3.13: Debian 13
PYTHON_OF_STATION ?= 3.11
FUZZ_SECONDS ?= 60
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help run install training test check unit browser-test e2e vectors constants bench journey privacy slow station-bundle fuzz audit sbom reproduce lock test-tor clean

help:            ## Print this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1  /p' Makefile

run: install     ## Install and start a demo office on loopback
	@exec $(BIN)/peluit demo --source-port $(SOURCE_PORT) --journalist-port $(JOURNALIST_PORT) --noscript-port $(NOSCRIPT_PORT)

install:
	@scripts/install run

training:        ## Make a station for a workshop in ./latihan
	@scripts/install run
	@$(BIN)/peluit station training make latihan

test:            ## Install and pass every test
	@scripts/install test
	@scripts/browsers
	@scripts/viewers
	@scripts/hosttools
	@scripts/tor
	@scripts/postgres
	@scripts/test

test-tor:        ## All of it over a private Tor network on loopback
	@scripts/install test
	@scripts/browsers
	@scripts/tor
	@$(BIN)/python -m pytest tests/tor --durations=0 --durations-min=1

check:           ## Lint, types, import rules
	@scripts/install test
	@scripts/check

vectors:         ## Write the vectors anew
	@scripts/install test
	@$(BIN)/python -m tests.vectors.generate

constants:       ## Write the browser's copy of the constants
	@$(BIN)/python -m crypto.browser_constants > source_app/web/src/crypto/constants.ts

bench:           ## Measure; JSON lines on standard output
	@scripts/install test >&2
	@scripts/browsers >&2
	@scripts/tor >&2
	@$(BIN)/python -m bench

journey:         ## The whole story headless, measured; JSON lines on standard output
	@scripts/install test >&2
	@scripts/browsers >&2
	@$(BIN)/python -m bench.journey

privacy:         ## Every proof of docs/proofs.md in full, half an hour; JSON lines on standard output
	@scripts/install test >&2
	@scripts/browsers >&2
	@$(BIN)/python -m tests.privacy.proofs

slow:            ## The story over a slow line that breaks every 20 s; every step in every browser, level and language
	@scripts/install test
	@scripts/browsers
	@$(BIN)/python -m pytest -m slow

station-bundle:  ## One folder that installs the station without a network (VIEWERS=1: and what shows evidence)
	@scripts/install run
	@scripts/station-bundle --python $(PYTHON_OF_STATION) $(if $(VIEWERS),--with-viewers)

fuzz:            ## Strange input for every parser, FUZZ_SECONDS (60) for each; what it learns is kept in artefacts/fuzz
	@scripts/install test
	@$(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS)

audit:           ## Ask whether anything locked has a known hole; fails too if nobody can be asked
	@scripts/install test
	@$(BIN)/python scripts/audit.py --strict

sbom:            ## Write what Peluit is made of, in CycloneDX, into artefacts/sbom
	@scripts/install test
	@$(BIN)/python scripts/sbom.py

reproduce:       ## Build the page anew and print the SHA-256 of each file
	@scripts/install run
	@scripts/reproduce

lock:            ## Renew requirements/*.txt from pyproject.toml (needs uv)
	@scripts/lock

clean:           ## Remove what was installed and built, and the demo office
	@rm -rf .venv demo artefacts source_app/web/node_modules source_app/web/dist
