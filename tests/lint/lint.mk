# The checkers behind `make lint`. What is checked file by file leaves a stamp in build/lint,
# so a second run looks only at what changed; the analyzer's object carries the header list.

LINT     := build/lint
LINT_C   := $(wildcard bot/*.c bot/*/*.c)
FORMAT_C := $(LINT_C) $(wildcard include/*/*.h tests/unit/*/*.[ch] tests/fuzz/*.c tests/bench/*.c)
SCRIPTS  := $(wildcard .ci/* config/*.sh bot/web/embed tests/run tests/*/run tests/lint/*.sh)

lint: ## format, clang-tidy, cppcheck, -fanalyzer, floors, manuals, spelling, TypeScript
	$(Q).ci/deps build check lint
	$(Q)$(MAKE) -k -j$(JOBS) lint-all && echo "lint: clean"
format: ## let clang-format rewrite what is not as it wants it
	$(Q)clang-format -i $(FORMAT_C)
lint-all: $(FORMAT_C:%=$(LINT)/%.format) $(LINT_C:%.c=$(LINT)/%.o) $(LINT_C:%=$(LINT)/%.tidy) \
          $(SCRIPTS:%=$(LINT)/%.sh) $(LINT)/floors $(LINT)/cppcheck lint-man lint-spell lint-paths lint-ts

$(LINT)/%.format: % .clang-format
	@mkdir -p $(@D)
	$(Q)clang-format --dry-run -Werror $<
	@touch $@
$(LINT)/%.o: %.c $(BUILD)/.flags
	@mkdir -p $(@D); echo "  GCC   $<"
	$(Q)gcc $(CPPFLAGS) $(CFLAGS) -Werror -fanalyzer -MMD -MP -c -o $@ $<
$(LINT)/%.c.tidy: %.c $(LINT)/%.o .clang-tidy
	@echo "  TIDY  $<"
	$(Q)clang-tidy --quiet $< -- $(CPPFLAGS) -std=c11 $(WARN) 2>$@.log || { cat $@.log; exit 1; }
	@touch $@
$(LINT)/%.sh: %
	@mkdir -p $(@D)
	$(Q)shellcheck -x $<
	@touch $@
$(LINT)/floors: $(LINT_C) $(wildcard include/*/*.h) tests/lint/floors.awk
	@mkdir -p $(@D); echo "  AWK   floors"
	$(Q)awk -f tests/lint/floors.awk $(filter %.c %.h,$^)
	@touch $@
$(LINT)/cppcheck: $(LINT_C) $(wildcard include/*/*.h)
	@mkdir -p $@-cache; echo "  CPPCHECK"
	$(Q)cppcheck --quiet --cppcheck-build-dir=$@-cache --enable=warning,performance,portability \
	  --error-exitcode=1 --inline-suppr --suppress=missingIncludeSystem --std=c11 -j $(JOBS) \
	  -I include -D_GNU_SOURCE '-DSURAQ_VERSION="0"' $(LINT_C)
	@touch $@
lint-man:
	$(Q)mandoc -T lint -W warning man/suraq.8 man/suraq.yaml.5
lint-spell:
	$(Q)LC_ALL=C.UTF-8 codespell -q 35 -I tests/lint/words $(wildcard *.md Makefile) docs man bot include \
	  tests/unit tests/lint --skip '*/node_modules,*/dist,package-lock.json'
# A file that the documentation names is there.
lint-paths:
	$(Q)grep -ohE '`(bot|include|tests|config|docs|filters|man)/[A-Za-z0-9_./-]+`' $(wildcard *.md docs/*.md) | tr -d '`' | \
	  sort -u | while read -r path; do [ -e "$$path" ] || { echo "the documentation names $$path"; exit 1; }; done
lint-ts: $(if $(filter yes,$(WEB)),build/web/.deps)
	$(Q)$(if $(filter yes,$(WEB)),npm --prefix bot/web run --silent lint)

.PHONY: lint lint-all format lint-man lint-spell lint-paths lint-ts
-include $(shell find $(LINT) -name '*.d' -type f 2>/dev/null)
