# Everything works in .venv, which the first command makes. `make` alone lists the commands.
BIN := .venv/bin
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard qms/translations/*/LC_MESSAGES/*.po))
PYTEST := $(BIN)/pytest --quiet --numprocesses=auto --maxprocesses=4

.DEFAULT_GOAL := help
.PHONY: help run install test check bench faults i18n format wheel lock clean

help: ## list these commands
	@sed -n 's/^\([a-z0-9]*\):.*## \(.*\)/make \1	\2/p' $(MAKEFILE_LIST) | expand -t 16

run: .venv/.run $(CATALOGUES) ## set up, fill an empty database with demonstration data and serve on port 8000 (PORT=… moves it)
	@$(BIN)/qms run --with-demo

install: .venv/.dev $(CATALOGUES) ## set up the development environment

test: install ## run every test this machine can, and say which it could not (ARGS=… go to pytest)
	@$(PYTEST) $(ARGS)

check: install ## lint, formatting, types, walls between rooms, templates
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/djlint --lint --quiet templates

bench: install ## measure every page against its floor (takes minutes)
	@$(BIN)/python -m tests.bench

faults: install ## the long form of the fault tests; figures go to instance/faults.txt
	@QMS_FAULTS=long QMS_FIGURES=instance/faults.txt $(BIN)/pytest --quiet --timeout=3600 tests/faults tests/browser/test_accessibility.py $(ARGS)

i18n: install ## collect the texts anew into the translations, and compile them
	@$(BIN)/pybabel --quiet extract --mapping-file=pyproject.toml --keywords=NN_:1,2 --keywords=_l --keywords=lazy_gettext --keywords=lazy_pgettext:1c,2 --add-comments=TRANSLATORS: --sort-by-file --no-location --no-wrap --project=qms --output-file=.venv/messages.pot .
	@$(BIN)/pybabel --quiet update --input-file=.venv/messages.pot --output-dir=qms/translations --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap
	@$(BIN)/pybabel --quiet compile --directory=qms/translations

format: install ## put the code into its form
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

wheel: install ## build dist/*.whl
	@$(BIN)/hatchling build --target wheel

lock: .venv/.dev ## renew the lock files from pyproject.toml
	@.ci/lock

clean: ## remove what was built; the data in instance/ stays
	rm -rf .venv build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

.venv/.run: requirements.lock requirements-uv.lock pyproject.toml .ci/hatch_build.py .ci/install
	@.ci/install run
	@touch $@

# The development lock holds the runtime lock, so this stamps both.
.venv/.dev: requirements-dev.lock requirements.lock requirements-uv.lock pyproject.toml .ci/hatch_build.py .ci/install
	@.ci/install dev
	@touch .venv/.run $@

%.mo: %.po | .venv/.run
	@$(BIN)/pybabel --quiet compile --input-file=$< --output-file=$@
