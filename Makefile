# make            build ./cau               make check   tests under ASan+UBSan, layers, words, format
# make run        demo node, port 8080      make fuzz    every reader of outside bytes for FUZZ_S seconds
# make test       unit and flow tests       make cover   line coverage of the tests
# make browser    pages in a real browser   make bench   numbers against peers, docs/bench.md
# make quality    how well searches and matches find; QUALITY=all: also with the lexicon of ../shared
CC      ?= cc
FUZZ_S  ?= 60
WARN     = -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wundef -Wvla \
           -Wmissing-prototypes -Wstrict-prototypes -Wcast-qual -Wwrite-strings -Wformat=2
STD      = -std=c11 -D_DEFAULT_SOURCE -Isrc -Itest
HARDEN   = -O2 -g -fstack-protector-strong -fstack-clash-protection -fcf-protection \
           -D_FORTIFY_SOURCE=3 -fPIE
CFLAGS  ?= $(HARDEN)
PKGS     = libmicrohttpd sqlite3 icu-i18n icu-uc libsodium libcrypto jansson libzip expat xlsxwriter zlib liblzma libcurl
LDLIBS  += $(shell pkg-config --libs $(PKGS)) -lstemmer -lpthread -lm
BUILD   ?= build
PROGRAM ?= cau
KILLS   ?= 50
IMAGES  ?= 100
PREFIX  ?= /usr/local
LIB_SRC := $(filter-out src/main.c,$(wildcard src/*.c src/*/*.c src/*/*/*.c))
LIB_OBJ := $(LIB_SRC:src/%.c=$(BUILD)/%.o)
TESTS   := $(patsubst test/unit/%.c,$(BUILD)/test/%,$(wildcard test/unit/*_test.c))
VECTORS := $(patsubst test/vectors/%.c,$(BUILD)/vectors/%,$(wildcard test/vectors/*_test.c))
FLOWS   := $(patsubst test/flow/%.c,$(BUILD)/flow/%,$(wildcard test/flow/*.c))
BENCHES := $(patsubst bench/%.c,$(BUILD)/bench/%,$(wildcard bench/*.c))
FUZZERS := $(patsubst fuzz/%.c,build-fuzz/%,$(wildcard fuzz/*_fuzz.c))
ALL_C   := $(wildcard src/*.[ch] src/*/*.[ch] src/*/*/*.[ch] include/*.h test/*.[ch] test/unit/*.[ch] \
             test/vectors/*.[ch] test/verifier/*.[ch] test/flow/*.[ch] fuzz/*.[ch] bench/*.[ch] tools/*.[ch])

# What the program carries inside: kinds, words, pages, style sheet, fonts.
NPM     := node_modules/.package-lock.json
INTER    = node_modules/@fontsource-variable/inter/files/inter-
ASSETS   = $(wildcard kinds/* pages/* terms/* demo/*.jsonl dist/lexicon.manifest docs/vi/guide.md docs/ru/guide.md docs/en/guide.md) $(WORDS)
WORDS   := $(patsubst words/%.po,build/words/%.mo,$(wildcard words/*.po))
OUTSIDE := build/asset/govuk.css $(foreach s,latin latin-ext vietnamese cyrillic,build/asset/inter-$s.woff2)

all: $(PROGRAM)
$(PROGRAM): $(BUILD)/main.o $(BUILD)/libcau.a $(BUILD)/embedded.o
	$(CC) $(CFLAGS) -pie -Wl,-z,relro,-z,now -o $@ $^ $(LDLIBS)
$(BUILD)/libcau.a: $(LIB_OBJ)
	rm -f $@ && $(AR) rcs $@ $^
$(BUILD)/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(STD) $(WARN) $(CFLAGS) $(EXTRA) -MMD -MP -c -o $@ $<
$(BUILD)/test/%: test/unit/%.c $(BUILD)/libcau.a $(BUILD)/embedded.o
	@mkdir -p $(@D)
	$(CC) $(STD) $(WARN) $(CFLAGS) $(EXTRA) -MMD -MP -o $@ $< $(BUILD)/libcau.a $(BUILD)/embedded.o $(LDLIBS) -lcmocka
$(BUILD)/vectors/%: test/vectors/%.c $(BUILD)/libcau.a $(BUILD)/embedded.o
	@mkdir -p $(@D)
	$(CC) $(STD) $(WARN) $(CFLAGS) $(EXTRA) -MMD -MP -o $@ $< $(BUILD)/libcau.a $(BUILD)/embedded.o $(LDLIBS) -lcmocka
$(BUILD)/verifier/%: test/verifier/%.c $(BUILD)/libcau.a $(BUILD)/embedded.o
	@mkdir -p $(@D)
	$(CC) $(STD) $(WARN) $(CFLAGS) $(EXTRA) -MMD -MP -o $@ $< $(BUILD)/libcau.a $(BUILD)/embedded.o $(LDLIBS)
$(BUILD)/flow/%: test/flow/%.c $(BUILD)/libcau.a $(BUILD)/embedded.o
	@mkdir -p $(@D)
	$(CC) $(STD) $(WARN) $(CFLAGS) $(EXTRA) -MMD -MP -o $@ $< $(BUILD)/libcau.a $(BUILD)/embedded.o $(LDLIBS)
$(BUILD)/bench/%: bench/%.c $(BUILD)/libcau.a $(BUILD)/embedded.o
	@mkdir -p $(@D)
	$(CC) $(STD) $(WARN) $(CFLAGS) $(EXTRA) -MMD -MP -o $@ $< $(BUILD)/libcau.a $(BUILD)/embedded.o $(LDLIBS)
build-fuzz/%: fuzz/%.c build-fuzz/lib.a build/embedded.o
	@mkdir -p $(@D) build-fuzz/found/$* fuzz/seeds/$*
	clang $(STD) -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -o $@ $< build/embedded.o build-fuzz/lib.a $(LDLIBS)
build-fuzz/lib.a: $(LIB_SRC) $(wildcard src/*/*.h src/*/*/*.h)
	$(MAKE) BUILD=build-fuzz CC=clang CFLAGS="-O1 -g -fsanitize=fuzzer-no-link,address,undefined \
	    -fno-sanitize-recover=all" build-fuzz/lib.a.objects
	rm -f $@ && $(AR) rcs $@ $(LIB_SRC:src/%.c=build-fuzz/%.o)
build-fuzz/lib.a.objects: $(LIB_SRC:src/%.c=build-fuzz/%.o)

# The one generator: files become bytes of the program (see src/base/asset.h).
$(BUILD)/embedded.o: build/embedded.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -O0 -Isrc -fPIE -c -o $@ $<
build/embedded.c: build/embed $(ASSETS) $(OUTSIDE)
	build/embed $(sort $(ASSETS) $(OUTSIDE)) > $@.part && mv $@.part $@
build/embed: tools/embed.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_DEFAULT_SOURCE $(WARN) -O1 -o $@ $<
# docs/format.md says what kinds/ and the headers say; `make check` fails when it does not.
FORMAT := docs/format-form.md docs/format-ledger.md
docs/format.md: $(BUILD)/format $(FORMAT)
	$(BUILD)/format $(FORMAT) > $@.part && mv $@.part $@
$(BUILD)/format: tools/format.c $(BUILD)/libcau.a $(BUILD)/embedded.o
	$(CC) $(STD) $(WARN) $(CFLAGS) $(EXTRA) -MMD -MP -o $@ $< $(BUILD)/libcau.a $(BUILD)/embedded.o $(LDLIBS)
build/words/%.mo: words/%.po
	@mkdir -p $(@D)
	msgfmt --check-format --check-domain -o $@ $<
build/asset/govuk.css: $(NPM)
	@mkdir -p $(@D)
	sed -e 's/@font-face{[^}]*}//g' -e 's/GDS Transport/Inter/g' -e 's#url(/assets/images/[^)]*)#none#g' \
	    -e 's#/\*\# sourceMappingURL[^*]*\*/##' node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.css > $@
build/asset/inter-%.woff2: $(NPM)
	@mkdir -p $(@D)
	cp $(INTER)$*-wght-normal.woff2 $@ && chmod u+w $@ && touch $@
$(NPM): package-lock.json
	npm ci --no-audit --no-fund --loglevel=error && touch $@

install: cau
	install -D -m 0755 cau $(DESTDIR)$(PREFIX)/bin/cau
	install -D -m 0644 dist/cau.service $(DESTDIR)/etc/systemd/system/cau.service
run: cau
	./cau demo --port 8080
test: test-unit test-flow
test-unit: $(TESTS)
	@bad=0; for t in $(TESTS); do $$t >$$t.out 2>&1 || { bad=1; echo "== $$t"; cat $$t.out; }; done; \
	cat $(TESTS:=.out) | grep -cE '^\[       OK \]' | sed 's/$$/ unit tests passed/'; exit $$bad
test-vectors: $(VECTORS)
	@bad=0; for t in $(VECTORS); do echo "== $$t"; $$t || bad=1; done; exit $$bad
test-verifier: $(BUILD)/verifier/write_log
	test/verifier/run $< $(BUILD)
test-flow: $(PROGRAM) $(FLOWS)
	test/flow/run $(PROGRAM) $(BUILD)/flow $(KILLS) $(IMAGES)
asan:
	$(MAKE) BUILD=build-asan PROGRAM=build-asan/cau EXTRA="-Werror" KILLS=10 IMAGES=20 \
	    CFLAGS="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all" test
quality: $(PROGRAM)
	test/quality/run $(PROGRAM) $(QUALITY)
browser: cau
	node test/browser/run.js
bench: cau
	bench/run
layers:
	tools/layers.sh
format:
	clang-format -i $(ALL_C)
check: asan layers $(BUILD)/format
	@$(BUILD)/format $(FORMAT) | cmp - docs/format.md || { echo "stale: make docs/format.md"; exit 1; }
	@! grep -nE '\<(strcpy|strcat|sprintf|vsprintf|strtok|atoi|gets|alloca)[[:space:]]*\(' $(ALL_C)
	@! grep -nE '\<(malloc|calloc|realloc|free)\(' $(filter-out src/base/%,$(filter src/%,$(ALL_C)))
	@! grep -n '"resolved"' package-lock.json
	@for t in tools/words.sh tools/terms.sh; do test ! -x $$t || $$t >/dev/null || { $$t; exit 1; }; done
	tools/kinds.sh
	@command -v clang-format >/dev/null || { echo "clang-format is missing: see apt.txt"; exit 1; }
	clang-format --dry-run -Werror $(ALL_C)
fuzz: $(FUZZERS)
	@for f in $(notdir $(FUZZERS)); do build-fuzz/$$f -max_total_time=$(FUZZ_S) -rss_limit_mb=1024 \
	    build-fuzz/found/$$f fuzz/seeds/$$f || exit 1; done
cover:
	$(MAKE) BUILD=build-cov CFLAGS="-O0 -g --coverage" test-unit
	@gcov -n -r $(LIB_SRC:src/%.c=build-cov/%.gcda) | sed -n "s/^File '\(.*\)'/\1/p;s/^Lines executed:/    /p"
clean:
	rm -rf build build-asan build-cov build-fuzz cau
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
.PHONY: all install run test test-unit test-vectors test-verifier test-flow quality asan browser bench layers format check fuzz cover clean
.SECONDARY:
