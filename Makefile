# Every command works from a bare clone: it fetches what is missing and skips what is there.
PYTHON ?= python3
PORT ?= 8000
DATA_DIR ?= .data
ARGS ?=
export PORT DATA_DIR ARGS

# exec: a signal sent to make reaches the launcher itself, not a shell in between.
LAUNCHER = @exec $(PYTHON) site/launcher

.DEFAULT_GOAL := help
.PHONY: help run serve test lint bench demo manage stop

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-7s %s\n", $$1, $$2}' Makefile

run: ## the whole portal with demo data on http://127.0.0.1:8000 (PORT=9000 DATA_DIR=elsewhere)
	$(LAUNCHER) run

serve: ## as run, with production settings (gunicorn, no debug), for measuring
	$(LAUNCHER) serve

test: ## all tests, on a real PostgreSQL and in a real browser (ARGS="-k basket")
	$(LAUNCHER) test

lint: ## style, types, imports, translations, migrations, deployment check
	$(LAUNCHER) lint

bench: ## the benchmarks, printing ratios
	$(LAUNCHER) bench

demo: ## reset the demo data
	$(LAUNCHER) demo

manage: ## any manage.py command, with the database running (ARGS="check_access")
	$(LAUNCHER) manage

stop: ## stop a PostgreSQL that a killed command left behind
	$(LAUNCHER) stop
