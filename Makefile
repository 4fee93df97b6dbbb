# Every command of the tree. `make` alone lists them. No recipe calls $(MAKE): make would run that
# line even under `make -n`.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
PROJECTS := $(wildcard shared/*/pyproject.toml services/*/pyproject.toml)
PACKAGES := $(wildcard shared/*/marktbund) $(foreach p,$(wildcard services/*/pyproject.toml),$(dir $(p))$(subst -,_,$(notdir $(patsubst %/,%,$(dir $(p))))))
REQUIREMENTS := main local dev
SIZE ?= small
BEGUN := $(shell date +%s)
SEED ?= $(BEGUN)
# Seconds of processor time this machine or container has used, by its control group.
USED := cat /sys/fs/cgroup/cpu.stat /sys/fs/cgroup/cpuacct/cpuacct.usage 2>/dev/null | awk '/^usage_usec/ {print int($$2 / 1000000); exit} !/_/ {print int($$1 / 1000000000); exit}'
TYPES = $(PY) -m mypy $(PACKAGES) acceptance deploy benchmarks && $(VENV)/bin/lint-imports

.DEFAULT_GOAL := help
.PHONY: doctor doors help venv requirements up down restart status idle logs demo demo-volume bench-intake bench-seal bench-fanout bench-pages check-tamper figures mutants drill failures contracts sbom pin-images check style test

help: ## this list
	@awk -F ':.*## ' '/^[a-z%-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

venv: $(STAMP) ## the virtual environment, requirements checked by hash

# Not compiled: Python does that for what it imports, and most of it is never imported.
$(STAMP): requirements/dev.txt $(PROJECTS)
	@echo "[1/3] virtual environment"
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@echo "[2/3] requirements, checked by hash"
	$(PY) -m pip install --disable-pip-version-check --progress-bar on --no-compile --require-hashes -r requirements/dev.txt
	@echo "[3/3] own packages, editable"
	printf -- '-e %s\n' $(dir $(PROJECTS)) | xargs -n 8 -P 2 \
		$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation
	@touch $@

requirements: ## compile requirements/*.in to *.txt with hashes (needs uv)
	@for name in $(REQUIREMENTS); do \
		uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
			--no-emit-find-links --no-header requirements/$$name.in -o requirements/$$name.txt || exit 1; \
		echo "requirements/$$name.txt"; \
	done

doctor: ## what this machine lacks, before anything is installed
	@$(PYTHON) deploy/doctor.py

up: $(STAMP) ## start the whole stack and load the small demo
	@$(PY) -m deploy.devstack up
	@$(PY) -m acceptance.seed

down: $(STAMP) ## stop it; the data stays under .local/
	@$(PY) -m deploy.devstack down

restart: down up ## stop it and start it again

status: $(STAMP) ## what runs, where, how well, at what cost
	@$(PY) -m deploy.devstack status

idle: $(STAMP) ## what the stack costs while nobody uses it: CPU over a minute, memory per process
	@$(PY) -m deploy.devstack status --seconds 60

logs: $(STAMP) ## the logs of all programs, until Ctrl-C
	@$(PY) -m deploy.devstack logs --follow

demo: $(STAMP) ## a deployment of its own, filled with real purchase data
	@$(PY) -m acceptance scms

demo-volume: $(STAMP) ## the same with a wholesaler's order stream; MONTHS=1 for its first month
	@$(PY) -m acceptance volume $(if $(MONTHS),--months $(MONTHS))

bench-fanout: $(STAMP) ## time to healthy suppliers beside dead and slow ones; SIZE=full for figures
	@$(PY) -m benchmarks.fanout --size $(SIZE)

contracts: $(STAMP) ## what changed in the events since the last release; fails if that breaks readers
	@$(PY) -m deploy.contracts compare

bench-pages: $(STAMP) ## p95 of every page for one person against 200 ms; SIZE=full for figures
	@$(PY) -m benchmarks.pages --size $(SIZE)

bench-intake: $(STAMP) ## orders per second through the API against pgbench; SIZE=full for figures
	@$(PY) -m benchmarks.intake --size $(SIZE)

bench-seal: $(STAMP) ## records sealed per second against the bare loop; SIZE=full for figures
	@$(PY) -m benchmarks.seal --size $(SIZE)

check-tamper: $(STAMP) ## five attacks on the file without the key: what notary, audit and verifier say
	@$(PY) -m pytest -q -s services/documentation/tests/test_attacks.py

check-wheels: $(STAMP) ## every service's wheel, alone in an empty environment with what it declares: alive there, ready on one devstack
	@MARKTBUND_WHEELS=all $(PY) -m pytest -q -s deploy/tests/compose/test_installed.py

doors: $(STAMP) ## after make test: operations, pages and options that no test called with success and refusal
	@$(PY) -m tests.doors

figures: $(STAMP) ## the house in figures, beside those it had before it was rebuilt
	@$(PY) -m tests.figures

mutants: $(STAMP) ## small faults in the rules, and whether the tests notice; the report goes into docs/mutants
	@$(PY) -m tests.mutants $(MUTANTS)

drill: $(STAMP) ## databases dumped at different times, lost, put back, reconciled, counted
	@$(PY) -m tests.drill

failures: $(STAMP) ## 20,000 orders under 200 faults, six planted faults; the report goes into docs/failures
	@$(PY) -m tests.failures

sbom: $(STAMP) ## what the platform is made of, as CycloneDX, into .local/sbom.cdx.json
	@$(PY) -m deploy.sbom

pin-images: $(STAMP) ## the digests of the images that compose builds from, into deploy/images.json
	@$(PY) -m deploy.images

check: style ## ruff, formatting, mypy --strict, import rules
	$(TYPES)

style: $(STAMP)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

dev-%: $(STAMP) ## the tests of one service alone, on engines of its own: make dev-orders
	$(PY) -m pytest -n 2 --dist loadfile services/$*

# mypy keeps one core busy while the tests wait for their engines. The same SEED draws the same examples.
# A failed test's calls do not count, so doors are judged only after a run without one.
test: style ## check, every test on real PostgreSQL and Kafka in two processes, and no door uncalled
	@echo "SEED=$(SEED)"; used=$$($(USED)); \
	{ $(TYPES); } > $(VENV)/types.log 2>&1 & types=$$!; \
	$(PY) -m pytest -n 2 --dist loadgroup --no-loadscope-reorder --hypothesis-seed=$(SEED); outcome=$$?; failed=; \
	wait $$types || failed=" types"; cat $(VENV)/types.log; \
	if [ $$outcome -ne 0 ]; then failed="$$failed tests"; echo "doors: not judged, because tests failed"; \
	else $(PY) -m tests.doors || failed="$$failed doors"; fi; \
	test -z "$$failed" || { test $$outcome -ne 0 || outcome=1; echo "make test: FAILED:$$failed"; }; \
	echo "make test: $$(( $$(date +%s) - $(BEGUN) )) s, $$(( $$($(USED)) - $$used )) s of processor time, exit code $$outcome"; \
	exit $$outcome
