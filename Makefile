# Thin wrappers: each target is one command that needs Python only.

.PHONY: up check bench

up:
	python3 run.py up --demo

check:
	python3 run.py check

bench:
	.venv/bin/python -m bench
