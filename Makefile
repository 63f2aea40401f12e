# make html, make test: 새로 받은 저장소에서 이 둘이면 됩니다.
PYTHON ?= python3
export PYTHONUTF8 := 1
export PYTHONDONTWRITEBYTECODE :=
# Small matrices: threads of two processes on two cores wait for each other five times as long as they count.
export OPENBLAS_NUM_THREADS ?= 1
export OMP_NUM_THREADS ?= 1

BUILD := _build
RUN := .venv/bin/python
SPHINX := $(RUN) tools/build.py
OFFER := PYTHONPATH=docs/_ext $(RUN) tools/downloads.py
UV_COMPILE = $(RUN) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: help setup html epub zip pdf everything test test-full test-lowest test-browser test-browser-full chromium test-oracle benchmark benchmark-build reproduce mutants doctest lint serve linkcheck lock fonts clean

help:  ## 이 목록
	@sed -n 's/^\([a-z-]*\):[^#]*## */\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name what; do \
		printf '  make %-17s %s\n' "$$name" "$$what"; done

setup:  ## .venv를 만들고 잠금 파일대로 설치 (다른 명령이 알아서 부름)
	@$(PYTHON) tools/bootstrap.py

html: setup  ## 사이트를 _build/html에 짓기
	@$(SPHINX) html

epub: html  ## 전자책을 _build/epub/dlnotes.epub에 짓기
	@$(SPHINX) epub
	@$(OFFER) note $(BUILD)/epub/dlnotes.epub

zip: html  ## 인터넷 없이 읽는 사이트를 _build/zip/dlnotes.zip에 묶기
	@$(OFFER) zip

everything: epub zip pdf  ## 사이트와 내려받을 것을 모두 만들어 _build/everything에 모으기
	@$(OFFER) note $(BUILD)/pdf/*.pdf
	@$(OFFER) offer

test: WHICH := -m "not full"  ## 라이브러리와 사이트의 테스트 (PyTorch와 견주는 것과 브라우저 것은 빼고)
test-full: WHICH := -m full  ## 느려서 make test가 빼는 것
test test-full: setup
	@$(RUN) -m pytest -n 2 --dist loadfile --no-loadscope-reorder -q $(WHICH) --ignore tests/oracle --ignore tests/browser

test-lowest:  ## 라이브러리의 테스트를 가장 낮은 NumPy와 Matplotlib으로 (.venv-lowest에 따로 설치)
	@$(PYTHON) tools/bootstrap.py --venv .venv-lowest --lock tests/lowest/requirements.txt
	@.venv-lowest/bin/python -m pytest -q tests/library tests/figures src --ignore tests/figures/test_canvas.py --ignore tests/figures/test_drawings.py

test-browser: WHICH := -m "not full"  ## 지은 사이트를 크로뮴으로 열어 보는 테스트 (SITE=폴더: 다른 곳에서 지은 것)
test-browser-full:  ## 그 테스트를 느린 것까지 모두
test-browser test-browser-full: chromium $(if $(SITE),setup,html)
	@$(PYTHON) tools/bootstrap.py --venv .venv-browser --lock tests/browser/requirements.txt
	@DLNOTES_SITE="$(abspath $(SITE))" .venv-browser/bin/python -m pytest -n 2 --dist loadgroup -q $(WHICH) tests/browser
	@KOREAN_SEARCH_PYTHON="$(CURDIR)/$(RUN)" .venv-browser/bin/python -m pytest -q docs/_ext/korean_search/tests/test_in_browser.py

chromium:  ## 크로뮴이 있는지 보기 (test-browser와 pdf가 알아서 부름)
	@$(PYTHON) tests/browser/chromium.py >/dev/null

doctest: setup  ## 라이브러리의 문서와 쪽에 있는 예를 실행해 견주기
	@$(RUN) -m pytest -q src docs

test-oracle:  ## PyTorch와 견주는 테스트 (.venv-oracle에 따로 설치)
	@$(PYTHON) tools/bootstrap.py --venv .venv-oracle --lock tests/oracle/requirements.txt --plain
	@.venv-oracle/bin/python -m pytest -q tests/oracle

benchmark:  ## PyTorch와 나란히 잰 빠르기의 비 (조용한 기계에서)
	@$(PYTHON) tools/bootstrap.py --venv .venv-oracle --lock tests/oracle/requirements.txt --plain
	@.venv-oracle/bin/python tools/benchmark.py

benchmark-build: setup  ## 짓는 값을 맨 테마와 나란히 잰 비 (ARGS="--pages 13 100 400": 쪽이 늘 때)
	@$(RUN) tools/benchmark_build.py $(ARGS)

mutants: setup  ## 코드에 잘못을 하나씩 넣어 테스트가 알아채는지 보기 (ARGS="--seed 7 --count 50")
	@$(RUN) tools/mutants.py $(ARGS)

reproduce: setup  ## 다른 형편에서 다시 지어 바이트까지 견주기 (쪽마다 두 번 실행)
	@$(RUN) tools/reproduce.py

lint: setup  ## ruff, mypy, 워크플로를 보는 zizmor
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy
	@.venv/bin/zizmor --quiet --offline --persona pedantic .github

serve: setup  ## 저장할 때마다 다시 짓고 브라우저를 새로 고침 (PORT=8001: 다른 포트로)
	@$(SPHINX) serve

pdf: chromium html  ## 책과 한눈에 보는 답을 크로뮴으로 _build/pdf에 인쇄하기
	@$(PYTHON) tools/bootstrap.py --venv .venv-browser --lock tests/browser/requirements.txt
	@$(RUN) tools/book.py $(BUILD)/html $(BUILD)/pdf
	@.venv-browser/bin/python tools/print_book.py $(BUILD)/pdf

linkcheck: setup  ## 바깥 링크가 살아 있는지 보기 (인터넷 필요)
	@$(SPHINX) linkcheck

lock: setup  ## 잠금 파일을 새 판으로 다시 쓰기 (uv를 .venv에 잠시 설치)
	@$(RUN) -m pip install --quiet uv
	@$(UV_COMPILE) --extra figures --group build --group docs --group test --group lint pyproject.toml \
		--upgrade --output-file requirements.txt
	@$(UV_COMPILE) tests/browser/requirements.in --upgrade --output-file tests/browser/requirements.txt
	@$(filter-out --universal,$(UV_COMPILE)) --resolution lowest-direct --extra figures pyproject.toml \
		tests/lowest/requirements.in --upgrade --output-file tests/lowest/requirements.txt
	@echo "requirements.txt 셋을 다시 썼습니다. 다음 make가 새로 설치합니다."

fonts: setup  ## 사이트와 그림의 글꼴을 원본에서 다시 잘라 내기 (글자를 더할 때만)
	@$(RUN) tools/fonts.py

clean:  ## 지은 것과 가상 환경 지우기
	rm -rf $(BUILD) .venv .venv-oracle .venv-browser .venv-lowest $(filter-out docs/api/index.md,$(wildcard docs/api/*.md))
