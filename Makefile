PYTHON ?= python3

.PHONY: run test lint check format
run test lint check format:
	@$(PYTHON) dev.py $@
