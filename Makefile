# make run     the portal with its record on http://127.0.0.1:8000 (PORT=8123 make run changes the port)
# make admin   the first staff account
# make test    every test, on SQLite and on PostgreSQL, the browser's included (what no database can change is tested once)
# make lint    style, templates, migrations, settings, message catalogues
# make bench   what answers cost on SQLite and PostgreSQL, against a bare view and Datasette (docs/performance.md)
# make crowd   200 readers at once, on both; ARGS="--write" puts the tables of either into docs/performance.md
# make messages   collect new interface texts into the catalogues and compile them

PYTHON ?= python3
PORT ?= 8000

PY = .venv/bin/python

# Every test process, and the processes that tests start, would compile Django and the portal again.
unexport PYTHONDONTWRITEBYTECODE

# Checks read settings but need no data: a key that guards nothing, a database that leaves no file.
CHECK_ENV = DJANGO_SECRET_KEY=checks-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG \
	DJANGO_ALLOWED_HOSTS=portal.example DATABASE_URL=sqlite://:memory:
DEVELOPMENT = $(CHECK_ENV) DJANGO_DEBUG=1 DJANGO_HTTPS=0
PRODUCTION = $(CHECK_ENV) DJANGO_DEBUG=0 DJANGO_HTTPS=1

.PHONY: run admin test lint bench crowd messages

run: .venv/.run .env
	$(PY) manage.py migrate --noinput --verbosity 0
	$(PY) manage.py load_record
	@# Compressing takes seconds, so only when a file is newer than the collected ones, or none are there yet.
	@test -z "$$(find static ogp_portal/settings.py ogp_portal/apps.py .venv/.run \
			-newer staticfiles/staticfiles.json 2>&1)" \
		|| { echo "Compressing the static files, some seconds; again only when they change"; \
			$(PY) manage.py collectstatic --noinput --clear --verbosity 0; }
	@echo "The portal is on http://127.0.0.1:$(PORT) (Ctrl-C stops it)"
	@# The timeout: now and then a worker misses Ctrl-C and never ends.
	@exec $(PY) -m granian --interface asgi --host 127.0.0.1 --port $(PORT) \
		--workers 2 --respawn-failed-workers --workers-kill-timeout 3 ogp_portal.asgi:application

admin: .venv/.run .env
	$(PY) manage.py migrate --noinput --verbosity 0
	$(PY) manage.py createsuperuser

ONCE = $(addprefix --ignore=tests/, browser/test_spanish_pages.py browser/test_english_pages.py \
	browser/test_quality.py test_addresses.py test_annulled.py test_page_weight.py test_readability.py)
# One more worker than cores: tests wait for the browser and for PostgreSQL. In the order that they are collected
# in (`tests/conftest.py`, then by name) the longest files come first, so that no worker ends long after the others.
PYTEST = $(PY) -m pytest -n $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1))) --dist loadfile \
	--no-loadscope-reorder

# `make test ARGS="-x tests/plans"` passes arguments on to pytest.
test: .venv/.ok
	sh scripts/ensure_system.sh postgresql chromium redis-server
	DATABASE_URL=sqlite:///db.sqlite3 $(PYTEST) $(ARGS)
	@# What axe finds in a page, where its links lead, what it weighs and how it reads is in its HTML, whichever
	@# database that came from: once is enough. So it is for tests that may not use any (`tests/conftest.py`).
	$(PY) scripts/with_pg.py $(PYTEST) --of-database $(ONCE) $(ARGS)

lint: .venv/.ok
	sh scripts/ensure_system.sh gettext
	$(PY) -m ruff check .
	$(PY) -m djlint templates --lint --quiet
	$(DEVELOPMENT) $(PY) manage.py makemigrations --check --dry-run
	$(DEVELOPMENT) $(PY) manage.py check --fail-level WARNING
	$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING
	$(PY) scripts/check_catalogues.py
	$(PY) scripts/check_owners.py

bench: .venv/.ok .venv-bench/.ok
	sh scripts/ensure_system.sh postgresql
	$(PY) scripts/with_pg.py $(PY) -m bench.answers $(ARGS)

crowd: .venv/.ok
	sh scripts/ensure_system.sh postgresql
	$(PY) scripts/with_pg.py $(PY) -m bench.crowd $(ARGS)

messages: .venv/.ok
	sh scripts/ensure_system.sh gettext
	$(PY) scripts/check_catalogues.py --update

# uv only makes it faster; where it can't be had, pip does the same.
.venv/.run: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet uv || true
	$(PY) -m uv pip install --quiet --python $(PY) -r requirements.txt || $(PY) -m pip install --quiet -r requirements.txt
	@touch $@

.venv/.ok: .venv/.run requirements-dev.txt
	$(PY) -m uv pip install --quiet --python $(PY) -r requirements-dev.txt || $(PY) -m pip install --quiet -r requirements-dev.txt
	@touch $@

# What the portal is measured against; nothing of it is needed to run or to test the portal.
.venv-bench/.ok: bench/requirements.txt
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet -r bench/requirements.txt
	@touch $@

# Written once and never again: a new key would end every session.
# Without HTTPS on 127.0.0.1 secure cookies would keep staff from logging in.
.env:
	@umask 077; key=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))') && printf '%s\n' \
		'# Written by make for this machine; .env.example explains every variable.' \
		"DJANGO_SECRET_KEY=$$key" 'DJANGO_ALLOWED_HOSTS=127.0.0.1,localhost' 'DJANGO_HTTPS=0' > .env
