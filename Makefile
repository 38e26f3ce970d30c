# Suraq - one Makefile, out of tree: everything made is under build/ (and bot/web/dist).
# Flavours live beside each other: build/release, and with SAN=address,undefined or
# SAN=thread build/address-undefined and build/thread. `make help` lists the targets.

VERSION  ?= 0.1.0
CC       := $(if $(filter default,$(origin CC)),gcc,$(CC))
CFLAGS   ?= $(if $(SAN),-O1 -g,-O2 -g)
PREFIX   ?= /usr/local
PKG_CONFIG ?= pkg-config
JOBS     ?= $(shell nproc)
FUZZ_SECONDS ?= 60
Q        := $(if $(V),,@)

comma  := ,
BUILD  ?= build/$(or $(subst $(comma),-,$(SAN)),release)
PKGS   := libwebsockets libcurl jansson libpcre2-8 libutf8proc libfyaml sqlite3 libsodium \
          libqrencode xlsxwriter openssl zlib expat
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PKGS) 2>/dev/null)
PKG_LIBS   := $(shell $(PKG_CONFIG) --libs $(PKGS) 2>/dev/null)

WARN := -Wall -Wextra -Wshadow -Wvla -Wformat=2 -Wundef -Wwrite-strings -Wpointer-arith \
        -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition $(if $(WERROR),-Werror)
HARDEN := $(if $(SAN),,-D_FORTIFY_SOURCE=2 -fstack-protector-strong)
SANFLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer)
override CPPFLAGS += -iquote include -D_GNU_SOURCE -DSURAQ_VERSION='"$(VERSION)"' $(PKG_CFLAGS)
override CFLAGS   += -std=c11 -fno-common -fPIE $(WARN) $(HARDEN) $(SANFLAGS)
override LDFLAGS  += -pie -Wl,-z,relro,-z,now,--as-needed $(SANFLAGS)
override LDLIBS   += $(PKG_LIBS) -lstemmer -lpthread -lm

# The floors, top to bottom, and what each may stand on (judge: only on base).
FLOORS       := command serve queue judge source loop base
USES_base    := base
USES_loop    := loop base
USES_source  := source loop base
USES_judge   := judge base
USES_queue   := queue judge source loop base
USES_serve   := serve queue judge source loop base
USES_command := $(FLOORS)

floor_src  = $(wildcard bot/$(1)/*.c)
lib        = $(addprefix $(BUILD)/lib,$(addsuffix .a,$(1)))
LIBS      := $(call lib,$(FLOORS))
SUPPORT   := $(BUILD)/libsupport.a
FUZZ_SRC  := $(wildcard tests/fuzz/fuzz_*.c)
UNIT      := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/*/test_*.c))
THREADS   := $(filter %_threads,$(UNIT))
FUZZ      := $(FUZZ_SRC:%.c=$(BUILD)/%)
BENCH     := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/bench_*.c))

all: build/suraq ## build the program: build/suraq

build/suraq: build/release/suraq
	$(Q)ln -f $< $@

$(BUILD)/suraq: $(BUILD)/bot/main.o $(LIBS)
	@echo "  LD    $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# --- objects and one archive for each floor

$(BUILD)/%.o: %.c $(BUILD)/.flags
	@mkdir -p $(@D); echo "  CC    $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/%.o: override CPPFLAGS += -iquote tests/unit

# An archive is made anew, so that an object whose source has gone does not stay in it;
# an empty floor is an empty archive.
define floor_rule
OBJ_$(1) := $$(patsubst %.c,$(BUILD)/%.o,$$(call floor_src,$(1))) $(if $(filter serve,$(1)),$(BUILD)/web_assets.o) \
  $(if $(filter source,$(1)),$(BUILD)/feed_presets.o) $(if $(filter base,$(1)),$(BUILD)/calendars.o)
$(BUILD)/lib$(1).a: $$(OBJ_$(1)) $(BUILD)/.files-$(1)
	$$(Q)rm -f $$@; $(AR) rcs $$@ $$(OBJ_$(1))
$(BUILD)/.files-$(1): FORCE
	@$$(call keep,$$(OBJ_$(1)))
endef
keep = mkdir -p $(@D); echo '$(subst ','\'',$(1))' | cmp -s - $@ || echo '$(subst ','\'',$(1))' >$@
$(foreach f,$(FLOORS),$(eval $(call floor_rule,$(f))))

$(SUPPORT): $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/unit/support/*.c)) $(BUILD)/.flags
	$(Q)rm -f $@; $(AR) rcs $@ $(filter %.o,$^)

$(BUILD)/.flags: FORCE
	@$(PKG_CONFIG) --exists $(PKGS) || { echo "libraries are missing: run 'make deps'" >&2; exit 1; }
	@$(call keep,$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS))

# --- the pages: bot/web -> bot/web/dist -> one object with everything in it.
# WEB=no leaves them out (an empty table), for work on the C alone.

WEB      ?= $(if $(wildcard bot/web/package-lock.json),yes,no)
WEB_SRC  := $(shell find bot/web -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)
NPM_CI   := npm ci --no-audit --no-fund --loglevel=error

web: build/web/.built ## build the pages into bot/web/dist
build/web/.built: build/web/.deps $(WEB_SRC)
	@mkdir -p $(@D); echo "  WEB   bot/web/dist"
	$(Q)cd bot/web && npm run --silent build
	@touch $@
build/web/.deps: $(wildcard bot/web/package-lock.json)
	@mkdir -p $(@D); echo "  NPM   bot/web"
	$(Q)cd bot/web && $(NPM_CI) >/dev/null
	@touch $@
$(BUILD)/web_assets.c: bot/web/embed $(if $(filter yes,$(WEB)),build/web/.built) $(BUILD)/.web
	@mkdir -p $(@D)
	$(Q)sh bot/web/embed $(if $(filter yes,$(WEB)),bot/web/dist,-) >$@
$(BUILD)/.web: FORCE
	@$(call keep,$(WEB))
$(BUILD)/web_assets.o: $(BUILD)/web_assets.c $(BUILD)/.flags
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# --- the presets of chats: config/sources/KIND.yaml -> a table of texts in the program

$(BUILD)/feed_presets.c: config/sources/embed.awk $(wildcard config/sources/*.yaml)
	@mkdir -p $(@D)
	$(Q)awk -v fn=feed_preset -v header=source/feed_presets.h -f $^ >$@
# ... and the calendars, config/calendar/NAME.yaml, in the same way
$(BUILD)/calendars.c: config/sources/embed.awk $(wildcard config/calendar/*.yaml)
	@mkdir -p $(@D)
	$(Q)awk -v fn=workdays_built_in -v header=base/workdays.h -f $^ >$@
$(BUILD)/feed_presets.o $(BUILD)/calendars.o: %.o: %.c $(BUILD)/.flags
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# --- tests: each links only what its floor may use

define unit_rule
$(BUILD)/tests/unit/$(1)/test_%: $(BUILD)/tests/unit/$(1)/test_%.o $(SUPPORT) $(call lib,$(USES_$(1)))
	@echo "  LD    $$@"
	$$(Q)$(CC) $(LDFLAGS) -o $$@ $$^ $(LDLIBS) -lcmocka
endef
$(foreach f,$(FLOORS),$(eval $(call unit_rule,$(f))))

# The first line of a fuzz file says which archives it links: /* floors: judge base */
FUZZ_MAIN := $(if $(findstring fuzzer,$(SAN)),,$(BUILD)/tests/fuzz/replay.o)
define fuzz_rule
$(BUILD)/$(1:.c=): $(BUILD)/$(1:.c=.o) $(FUZZ_MAIN) $(call lib,$(shell sed -n '1s|.*floors: \([a-z ]*\)\*/.*|\1|p' $(1)))
	@echo "  LD    $$@"
	$$(Q)$(CC) $(LDFLAGS) $(if $(FUZZ_MAIN),,-fsanitize=fuzzer) -o $$@ $$^ $(LDLIBS)
endef
$(foreach f,$(FUZZ_SRC),$(eval $(call fuzz_rule,$(f))))

$(BENCH): $(BUILD)/tests/bench/bench_%: $(BUILD)/tests/bench/bench_%.o $(BUILD)/tests/bench/generate.o $(LIBS)
	@echo "  LD    $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/tests/score/score: $(BUILD)/tests/score/score.o $(LIBS)
	@echo "  LD    $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/tests/bench/re2_set: tests/bench/re2_set.cc
	@mkdir -p $(@D); echo "  CXX   $@"
	$(Q)g++ -O2 -std=c++17 -Wall -Wextra -o $@ $< -lre2 -lpthread

unit-bins: $(UNIT)
thread-bins: $(THREADS)
fuzz-bins: $(FUZZ)
bench-bins: $(BENCH) $(BUILD)/tests/bench/re2_set

unit: ## build and run the unit tests alone (SAN=..., T=floor/test_x for one)
	$(Q)V=$(V) SAN=$(SAN) tests/run unit $(T)
check: ## everything: unit tests, threads, fuzz replays, filters, e2e
	$(Q).ci/deps build check
	$(Q)V=$(V) tests/run
fuzz: ## fuzz each target for FUZZ_SECONDS (60) with clang and libFuzzer
	$(Q).ci/deps build lint
	$(Q)$(MAKE) CC=clang SAN=fuzzer-no-link,address,undefined BUILD=build/fuzz fuzz-bins
	$(Q)FUZZ_SECONDS=$(FUZZ_SECONDS) tests/fuzz/run $(T)
score: ## how well the shipped filters read the labelled chat of tests/data/judge
	$(Q).ci/deps build
	$(Q)$(MAKE) $(BUILD)/tests/score/score
	@echo 'tune: the filters were made with these lines at hand'
	$(Q)$(BUILD)/tests/score/score $(SCORE) tests/data/judge/*-tune.tsv
	@echo 'measure: the filters were not'
	$(Q)$(BUILD)/tests/score/score --aims $(SCORE) tests/data/judge/*-measure.tsv
bench: ## build the release and measure it
	$(Q).ci/deps build check
	$(Q)$(MAKE) all bench-bins
	$(Q)tests/bench/run
chaos: build/suraq ## six chats at once with random faults for CHAOS_SECONDS (180)
	$(Q).ci/deps build check
	$(Q)cd tests/e2e && $(NPM_CI) >/dev/null && CHAOS_SECONDS=$${CHAOS_SECONDS:-180} node --test chaos.test.mjs
docker-check: ## build the image, run two streams from it, stop them
	$(Q)tests/docker/run

# --- running, installing

deps: ## install the Debian packages that a build needs and are missing
	$(Q).ci/deps build
run: ## build, start the demo and print a link to open
	$(Q).ci/deps build
	$(Q)$(MAKE) all
	$(Q)sh config/demo.sh
install: all ## install under $(DESTDIR)$(PREFIX) (STRIP=-s: without symbols)
	install -D -m 755 $(STRIP) build/suraq $(DESTDIR)$(PREFIX)/bin/suraq
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man8 man/suraq.8
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man5 man/suraq.yaml.5
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/suraq/config $(wildcard config/*.yaml config/*.ndjson)
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/suraq/config/calendar $(wildcard config/calendar/*.yaml)
	cd filters && find . -name '*.yaml' -exec install -D -m 644 {} $(DESTDIR)$(PREFIX)/share/suraq/filters/{} \;
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's|@PREFIX@|$(PREFIX)|g' config/suraq@.service >$(DESTDIR)$(PREFIX)/lib/systemd/system/suraq@.service
uninstall: ## take away what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/suraq $(DESTDIR)$(PREFIX)/share/man/man8/suraq.8 \
	  $(DESTDIR)$(PREFIX)/share/man/man5/suraq.yaml.5 $(DESTDIR)$(PREFIX)/lib/systemd/system/suraq@.service
	rm -rf $(DESTDIR)$(PREFIX)/share/suraq
clean: ## remove everything that was built
	rm -rf build bot/web/dist

include tests/lint/lint.mk

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' $(MAKEFILE_LIST) | grep -v '\.d:' | expand -t 16

.PHONY: all web score unit unit-bins thread-bins fuzz-bins bench-bins check fuzz bench chaos docker-check deps \
        run install uninstall clean help FORCE
.SECONDARY:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
-include $(shell find $(BUILD) -name '*.d' -type f 2>/dev/null)
