# Zwei Befehle genügen: make lauf, make test. Alles Weitere steht in CONTRIBUTING.md.

PYTHON ?= python3
UMGEBUNG := .venv
BIN := $(UMGEBUNG)/bin
UV := $(shell command -v uv 2>/dev/null)
PROJEKT ?= bochum musterstadt
TESTS ?=

.PHONY: hilfe umgebung lauf test test-lang handbuch lab pruefen sperre browser sauber

hilfe:
	@echo "make lauf      Umgebung anlegen und Standardauswertung rechnen ($(PROJEKT))"
	@echo "make test      Umgebung anlegen und Tests ausführen (etwa zehn Minuten)"
	@echo "make test-lang die langen Tests (etwa zwanzig Minuten)"
	@echo "make lab       JupyterLab öffnen"
	@echo "make pruefen   Stil, Typen, Importrichtung und Notebooks prüfen"
	@echo "make handbuch  Handbuch bauen (docs/_bau/index.html)"
	@echo "make umgebung  nur die Umgebung anlegen, samt Werkzeugen der Tests"

$(UMGEBUNG)/.angelegt:
ifdef UV
	uv venv --quiet --python $(PYTHON) $(UMGEBUNG)
else
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "quartierstools braucht Python 3.11 oder neuer; gefunden: $$($(PYTHON) --version). Mit PYTHON=/pfad/zu/python3.11 wählen."; exit 1; }
	$(PYTHON) -m venv $(UMGEBUNG)
endif
	@touch $@

$(UMGEBUNG)/.laufzeit: $(UMGEBUNG)/.angelegt requirements.lock pyproject.toml
	@echo "Umgebung anlegen (einmalig, etwa eine Minute) …"
ifdef UV
	VIRTUAL_ENV=$(UMGEBUNG) uv pip install --quiet --require-hashes -r requirements.lock
	VIRTUAL_ENV=$(UMGEBUNG) uv pip install --quiet --no-deps --no-build-isolation -e .
else
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
endif
	@touch $@

$(UMGEBUNG)/.testwerkzeuge: $(UMGEBUNG)/.laufzeit requirements-test.lock
ifdef UV
	VIRTUAL_ENV=$(UMGEBUNG) uv pip install --quiet --require-hashes -r requirements.lock -r requirements-test.lock
else
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock -r requirements-test.lock
endif
	@touch $@

# Chromium für die Browsertests: selbst installieren, wo es erlaubt ist, sonst sagen, was fehlt.
browser:
	@command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  echo "Chromium für die Browsertests installieren …"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-dejavu-core >/dev/null; \
	else \
	  echo "Hinweis: Ohne Chromium werden die Browsertests übersprungen. Bitte „chromium“ installieren (Debian: sudo apt-get install chromium)."; \
	fi

umgebung: $(UMGEBUNG)/.testwerkzeuge browser

lauf: $(UMGEBUNG)/.laufzeit
	@for projekt in $(PROJEKT); do $(BIN)/quartier lauf --projekt $$projekt || exit $$?; done

test: umgebung
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not lang and not dienst" $(TESTS)

test-lang: umgebung
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "lang or dienst" $(TESTS)

pruefen: umgebung
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/nbstripout --verify --extra-keys "metadata.kernelspec.env" notebooks/*.ipynb
	$(BIN)/yamllint --strict daten quartierstools .yamllint.yaml

# Baut das Handbuch nach docs/_bau; jedes Beispiel darin läuft, Warnungen sind Fehler.
handbuch: umgebung
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs/handbuch docs/_bau
	@echo "Handbuch: docs/_bau/index.html"

lab: $(UMGEBUNG)/.laufzeit
	$(BIN)/quartier lab

# Nur für die Pflege: schreibt die Sperrdateien neu (braucht uv).
sperre:
	$(PYTHON) .ci/sperre.py

sauber:
	rm -rf $(UMGEBUNG) .pytest_cache .mypy_cache .ruff_cache build *.egg-info
