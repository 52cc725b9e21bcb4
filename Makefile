# QuietLeaks. `make help` lists the targets; everything that is made goes under build/ (and STATE, for `make run`).
.DEFAULT_GOAL := all
MAKEFLAGS += --no-builtin-rules
SHELL := /bin/bash

# release, asan (address and undefined behaviour) or tsan (threads): each builds beside the others.
VARIANT ?= release
OUT := build/$(VARIANT)
GEN := build/generated

CXX := $(if $(shell command -v ccache),ccache )g++
# V=1 shows the commands.
Q := $(if $(V),,@)
# No vptr: SOCI's classes come without the type information that it wants. With sanitizers, g++ 12 warns of uninitialised values inside its own <regex>.
SANITIZE_asan := -fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=all -Wno-maybe-uninitialized
SANITIZE_tsan := -fsanitize=thread -Wno-maybe-uninitialized
OPTIMIZE_release := -O2
OPTIMIZE_asan := -O1
OPTIMIZE_tsan := -O1
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
CPPFLAGS += -I. -I$(GEN) -isystem /usr/include/postgresql -DSPDLOG_FMT_EXTERNAL -D_FORTIFY_SOURCE=2
# -ffile-prefix-map: the same objects, and the same entries of ccache, wherever the clone is.
CXXFLAGS += -std=c++20 $(OPTIMIZE_$(VARIANT)) $(DEBUG) $(WARNINGS) -fno-omit-frame-pointer -fstack-protector-strong -fPIE \
            -ffile-prefix-map=$(CURDIR)=. $(SANITIZE_$(VARIANT)) $(EXTRA_CXXFLAGS)
# Tests have to compile quickly more than to run fast.
$(OUT)/tests/%.o: OPTIMIZE_release := -O1
$(OUT)/tests/%.o: DEBUG := -g1
DEBUG := -g
LDFLAGS += -pie -rdynamic -Wl,-z,relro,-z,now $(SANITIZE_$(VARIANT))
LDLIBS := -lfcgi -lsoci_postgresql -lsoci_core -lpq -lsodium -lspdlog -lfmt -lbsd -lsystemd -lz -llmdb -lmaxminddb -lisal -lcurl -lgumbo -lpthread

LIB_SOURCES := $(filter-out app/main/%,$(wildcard app/*/*.cpp)) $(wildcard handlers/*.cpp db/*.cpp)
LIB_OBJECTS := $(LIB_SOURCES:%.cpp=$(OUT)/%.o)
LIBRARY := $(OUT)/libquietleaks.a
PROGRAMS := $(OUT)/quietleaks-web $(OUT)/quietleaks-monitor $(OUT)/quietleaks
EMBEDDED := $(GEN)/migrations.inc $(GEN)/grants.inc $(GEN)/openapi.inc
HTML := $(GEN)/html

TEST_SUPPORT := $(wildcard tests/support/*.cpp)
TEST_SOURCES := $(TEST_SUPPORT) $(foreach suite,unit integration e2e faults,$(wildcard tests/$(suite)/*.cpp))
ALL_SOURCES := $(LIB_SOURCES) $(wildcard app/main/*.cpp tests/bench/*.cpp tests/clients/*.cpp) $(TEST_SOURCES)

all: $(PROGRAMS) $(HTML)/docs/api.html  ## build the programs into build/release, and the pages

$(OUT)/quietleaks-web: $(OUT)/app/main/quietleaks_web.o $(LIBRARY)
$(OUT)/quietleaks-monitor: $(OUT)/app/main/quietleaks_monitor.o $(LIBRARY)
$(OUT)/quietleaks: $(OUT)/app/main/quietleaks.o $(LIBRARY)
$(PROGRAMS):
	@echo "  link     $@"
	$(Q)$(CXX) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(LIBRARY): $(LIB_OBJECTS)
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(OUT)/%.o: %.cpp | $(EMBEDDED)
	@mkdir -p $(@D)
	@echo "  compile  $<"
	$(Q)$(CXX) $(CPPFLAGS) $(CXXFLAGS) -MMD -MP -c -o $@ $<

$(GEN)/migrations.inc: scripts/embed $(wildcard db/migrations/*.sql)
	@mkdir -p $(@D)
	$(Q)scripts/embed migrations db/migrations/*.sql > $@.new && mv $@.new $@

$(GEN)/grants.inc: scripts/embed db/grants.sql
	@mkdir -p $(@D)
	$(Q)scripts/embed text db/grants.sql > $@.new && mv $@.new $@

$(GEN)/openapi.inc: scripts/embed handlers/openapi.json
	@mkdir -p $(@D)
	$(Q)scripts/embed text handlers/openapi.json > $@.new && mv $@.new $@

# What others wrote for the dashboard, by nginx/page/package-lock.json.
PAGE := build/page
VENDOR := $(PAGE)/node_modules
$(PAGE)/installed.lock: nginx/page/package.json nginx/page/package-lock.json .npmrc
	@command -v npm >/dev/null || { echo "npm is missing; install what is needed with: scripts/deps" >&2; exit 1; }
	@mkdir -p $(PAGE)
	$(Q)cp nginx/page/package.json nginx/page/package-lock.json .npmrc $(PAGE)
	$(Q)cd $(PAGE) && npm ci --no-progress --loglevel error
	@cp nginx/page/package-lock.json $@

# What nginx serves: the pages of nginx/html, the one about the API, and what the dashboard takes from others.
$(HTML)/docs/api.html: scripts/api-page scripts/api-page.jq nginx/docs/api.html.in handlers/openapi.json \
                       $(wildcard nginx/html/* nginx/html/*/* nginx/html/app/*/*) $(PAGE)/installed.lock
	@echo "  pages    $(HTML)"
	@rm -rf $(HTML) && mkdir -p $(HTML)
	$(Q)cp -R nginx/html/. $(HTML)
	@mkdir -p $(HTML)/app/vendor
# htm's README: with `this[0] = 3` it keeps no tree for reuse, which would hold the elements of every view that was left.
	$(Q)sed 's/\.bind(a);export{a as h,/.bind(function(){this[0]=3;return a.apply(null,arguments)});export{a as h,/' \
	  $(VENDOR)/htm/preact/standalone.module.js >$(HTML)/app/vendor/htm-preact.js && grep -q 'this\[0\]=3' $(HTML)/app/vendor/htm-preact.js
	$(Q)cp $(VENDOR)/uplot/dist/uPlot.esm.js $(HTML)/app/vendor/uplot.js
	$(Q)cp $(VENDOR)/uplot/dist/uPlot.min.css $(HTML)/app/vendor/uplot.css
	$(Q)cp $(VENDOR)/@picocss/pico/css/pico.min.css $(HTML)/app/vendor
	$(Q)scripts/api-page nginx/docs/api.html.in handlers/openapi.json > $@.new && mv $@.new $@

-include $(ALL_SOURCES:%.cpp=$(OUT)/%.d)

# --- running it ---------------------------------------------------------------------------------------------------
run: deps  ## a whole private instance with demo data (STATE HTTPS_PORT HTTP_PORT WORKERS DEMO MONITOR DETACH)
	@$(MAKE) --no-print-directory -j$$(nproc) all
	@scripts/run

stop:  ## end an instance that `make run DETACH=1` started
	@scripts/run --stop

deps:  ## install the Debian packages that are missing
	@scripts/deps $(DEPS)
check: DEPS := check
bench: DEPS := bench

# --- tests --------------------------------------------------------------------------------------------------------
# One Boost.Test program for each suite.
define suite
$(OUT)/test-$(1): $(patsubst %.cpp,$(OUT)/%.o,$(wildcard tests/$(1)/*.cpp) $(TEST_SUPPORT)) $(LIBRARY)
	@echo "  link     $$@"
	$$(Q)$$(CXX) $$(LDFLAGS) -o $$@ $$^ $$(LDLIBS) -lcurl -lboost_unit_test_framework
endef
$(foreach name,unit integration e2e faults,$(eval $(call suite,$(name))))

check: deps  ## every test, with a short slice of the slow suites; ends with "N passed, N failed"
	@tests/support/check

unit integration e2e: %: $(OUT)/test-%  ## one suite
	$(OUT)/test-$* $(TEST_ARGS)
e2e faults: all
integration: $(OUT)/quietleaks  # the tests of the operator's program run it

# What tests/clients asks how the server judges a user agent.
$(OUT)/classify: $(OUT)/tests/clients/classify.o $(LIBRARY)
	@echo "  link     $@"
	$(Q)$(CXX) $(LDFLAGS) -o $@ $^ $(LDLIBS)

clients: all $(OUT)/classify  ## independent npm clients against a running instance's contract
	@tests/clients/run

browser: all  ## the dashboard in Debian's Chromium, at desktop and phone sizes
	@tests/browser/run

screenshots: all  ## pictures of every view into build/screenshots
	@tests/browser/run --screenshots

faults: $(OUT)/test-faults  ## kills, reloads, outages at full length
	QL_FAULTS=full $(OUT)/test-faults $(TEST_ARGS)

fuzz:  ## coverage-guided fuzzing of every parser (SECONDS=60 for each)
	@tests/fuzz/run

# What the bench has beside scripts: a libfcgi ceiling, an open-loop load generator, makers of keys and of clicks, a
# look at what is counted, the monitor's checks and the shop that they are made of.
BENCH_PROGRAMS := $(addprefix $(OUT)/bench-,hello open-loop make-keys write-journal click-board checks slow-pages)
bench-programs: $(BENCH_PROGRAMS)
$(OUT)/bench-hello: $(OUT)/tests/bench/hello.o
$(OUT)/bench-open-loop: $(OUT)/tests/bench/open_loop.o
$(OUT)/bench-make-keys: $(OUT)/tests/bench/make_keys.o $(LIBRARY)
$(OUT)/bench-write-journal: $(OUT)/tests/bench/write_journal.o $(LIBRARY)
$(OUT)/bench-click-board: $(OUT)/tests/bench/click_board.o $(LIBRARY)
$(OUT)/bench-checks: $(OUT)/tests/bench/checks.o $(LIBRARY)
$(OUT)/bench-slow-pages: $(OUT)/tests/bench/slow_pages.o
$(BENCH_PROGRAMS):
	@echo "  link     $@"
	$(Q)$(CXX) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lssl -lcrypto

bench: deps all  ## the measurement of ratios (SCALE=1: an account of a million links; CHECK=1: fail below the lines)
	@tests/bench/run

# --- keeping house ------------------------------------------------------------------------------------------------
lint:  ## floors, error pages, formatting, static analysis (TIDY=--recent: of what the last 5 commits touched)
	@scripts/check-layers
	@scripts/check-error-docs
	@clang-format --dry-run --Werror $(shell git ls-files '*.cpp' '*.hpp')
	@scripts/tidy $(TIDY)

format:  ## clang-format in place
	@clang-format -i $(shell git ls-files '*.cpp' '*.hpp')

clean:  ## remove what was built (STATE stays)
	rm -rf build

help:  ## this list
	@awk -F':.*## ' '/^[a-z][a-z0-9 %-]*:.*## / {printf "  make %-26s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

.PHONY: all run stop deps check unit integration e2e clients browser screenshots faults fuzz bench bench-programs lint format clean help
