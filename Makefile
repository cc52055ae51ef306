# The way to build, run and test unhunch. Needs Go, git and make; `make test` installs the rest when it may.

PREFIX  ?= /usr/local
DESTDIR ?=
BIN     ?= bin

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)

# HTTP/2 is for networks; what we serve is a socket and the loopback. Without it the programs are half a megabyte smaller.
TAGS    := nethttpomithttp2

# RACE=1 builds with the race detector, for tests of the built programs.
BUILD     = CGO_ENABLED=0 go build -trimpath -tags $(TAGS) -ldflags "$(LDFLAGS)"
BUILDTRAY = CGO_ENABLED=1 go build -trimpath -tags $(TAGS) -ldflags "$(LDFLAGS)"
ifdef RACE
BUILDTRAY = CGO_ENABLED=1 go build -race -trimpath -tags $(TAGS) -ldflags "$(LDFLAGS)"
BUILD     = $(BUILDTRAY)
endif

# The tray icon is drawn by GTK and built with a C compiler. Where these are missing everything else is built, linted
# and tested without it; under CI they must be there.
TRAY    = $(or $(CI),$(shell command -v gcc >/dev/null && pkg-config --exists ayatana-appindicator3-0.1 2>/dev/null && echo yes))
WITHOUT = $(if $(TRAY),,CGO_ENABLED=0)

# The steps of `test` share the machine's few cores.
.NOTPARALLEL:

.PHONY: help run build install test lint needs packages packages-others packages-twice cross cross-some test-pure test-desktop test-timing test-packages properties soak fuzz leaks licences vulnerable bench figures clean

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

run: ## build, and run daemon and tray on this desktop, or the daemon in the terminal without one
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then .ci/install tray; fi
	@$(MAKE) --no-print-directory build
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] && [ -x $(BIN)/unhunch-tray ]; then \
		$(BIN)/unhunch-tray & trap "kill $$! 2>/dev/null" EXIT; fi; $(BIN)/unhunch daemon

build: ## build bin/unhunch, and bin/unhunch-tray where there is GTK, as they are shipped
	@mkdir -p $(BIN)
	$(BUILD) -o $(BIN)/unhunch ./cmd/unhunch
ifeq ($(TRAY),)
	@echo "no bin/unhunch-tray without a C compiler, pkg-config and libayatana-appindicator3-dev: see .ci/packages"
else
	$(BUILDTRAY) -o $(BIN)/unhunch-tray ./cmd/unhunch-tray
endif

# Builds only what is missing: with sudo there may be no Go.
install: $(BIN)/unhunch ## install to $(DESTDIR)$(PREFIX)/bin
	install -D -m 755 $(BIN)/unhunch $(DESTDIR)$(PREFIX)/bin/unhunch
	if [ -x $(BIN)/unhunch-tray ]; then install -m 755 $(BIN)/unhunch-tray $(DESTDIR)$(PREFIX)/bin/unhunch-tray; fi

$(BIN)/unhunch:
	$(MAKE) build

# Tests run in three steps, so that they measure what they mean to on a machine with two cores:
#   pure     packages without a virtual desktop, several at a time, with the race detector
#   desktop  packages whose tests import desktest, a few at a time, as they mostly wait, with the race detector
#   timing   TestTiming… (measures time) and TestLarge… (large databases), one at a time, without it
test: needs lint cross-some test-pure test-desktop test-timing ## install what the tests need, lint, run all tests

needs:
	@.ci/install

lint: ## gofumpt, go vet, staticcheck and actionlint
	@unformatted=$$(go tool gofumpt -l .); test -z "$$unformatted" || \
		{ printf 'not gofumpted; run go tool gofumpt -w .\n%s\n' "$$unformatted"; exit 1; }
	$(WITHOUT) go vet ./...
	$(WITHOUT) go tool staticcheck ./...
	go tool -modfile=.ci/tools/go.mod actionlint
	go list -modfile=.ci/tools/go.mod -deps tool >/dev/null # else a release finds that a tool cannot be built

# Systems, each with a processor. The tray needs cgo everywhere but on Windows.
CROSS := $(foreach os,linux windows darwin,$(os)/amd64 $(os)/arm64)

# One of each other system is enough to see that the code is for all; the rest is for a release.
cross-some:
	@$(MAKE) --no-print-directory cross CROSS="windows/amd64 darwin/arm64"

cross: ## compile for every system; nothing is kept
	@set -e; for to in $(CROSS); do echo "cross-building for $$to"; \
		GOOS=$${to%/*} GOARCH=$${to#*/} CGO_ENABLED=0 go build -o /dev/null ./cmd/unhunch; \
		case $$to in windows/*) GOOS=windows GOARCH=$${to#*/} CGO_ENABLED=0 go build -o /dev/null ./cmd/unhunch-tray;; esac; \
	done

SLOW     := ^Test(Timing|Large)
GOTEST   := go test -shuffle=on -timeout 12m
# Without a C compiler there is no race detector. CI has one.
WITHRACE  = $(if $(or $(CI),$(shell command -v gcc)),-race)
# Import paths, one a line, after whether their tests use a virtual desktop.
PACKAGES  = $(WITHOUT) go list -f '{{.ImportPath}} {{join .TestImports " "}} {{join .XTestImports " "}}' ./...
DESKTOP   = $(shell $(PACKAGES) | awk '/desktest/ {print $$1}')
PURE      = $(shell $(PACKAGES) | awk '!/desktest/ {print $$1}')
TIMING    = $(shell grep -rlE '^func Test(Timing|Large)' --include='*_test.go' . | xargs -r dirname | sort -u)

test-pure:
	$(GOTEST) $(WITHRACE) -skip '$(SLOW)' $(PURE)

test-desktop:
	$(GOTEST) $(WITHRACE) -p 2 -parallel 3 -skip '$(SLOW)' $(DESKTOP)

test-timing:
	$(GOTEST) -p 1 -run '$(SLOW)' $(TIMING)

# What a package of this commit is called; make packages RELEASE=1.2.3 for another.
RELEASE = $(shell .ci/package/version)

packages: ## build bin/packages: .deb, .rpm, Arch and tarball, for this processor
	@.ci/install tray
	@$(MAKE) --no-print-directory build TRAY=yes VERSION=$(RELEASE)
	.ci/package/build $(RELEASE) $(BIN)/packages

packages-others: ## build bin/packages of Windows and macOS, untested there (minutes with an empty cache)
	.ci/package/others $(RELEASE) $(BIN)/packages

packages-twice: ## build the packages in two directories, each with an empty cache: the same bytes (minutes)
	.ci/package/twice

test-packages: needs ## what takes a whole machine: installs, reboots, removes. As root; outside CI (a minute)
	@.ci/install packaging
	UNHUNCH_TEST_PACKAGES=1 go test -count=1 -v -timeout 20m -run '^TestBoot' ./daemon

properties: ## 20,000 random lives against the promises, and as many plans and sessions (two minutes)
	go test -count=1 -timeout 30m -run 'TestPromises' ./daemon/internal/core -args -rapid.checks=20000
	go test -count=1 -timeout 30m -run KeepsItsRules ./routines -args -rapid.checks=20000

soak: ## two hundred lives of thirty days against the promises, and every way to lose a file (15 minutes)
	UNHUNCH_SOAK_SEEDS=$(or $(SEEDS),1-200) go test -count=1 -timeout 60m -run '^TestLarge(Soak|NthWriteFails|PowerCut)$$' ./daemon
	UNHUNCH_KILLS=50 go test -count=1 -timeout 20m -run '^TestKill' ./daemon ./daemon/internal/history

FUZZTIME ?= 20s

fuzz: ## fuzz every parser and protocol, each for FUZZTIME=20s (twelve minutes); ONLY=FuzzState for one
	.ci/fuzz $(FUZZTIME) $(ONLY)

leaks: ## lose and find both buses, the display and the followers 500 times: files, goroutines, memory (five minutes)
	UNHUNCH_TEST_RECONNECTS=500 go test -count=1 -v -timeout 30m -run '^TestLeaks$$' ./daemon

licences: ## list all modules that are linked, or needed to build and to test, with their licences
	@CGO_ENABLED=1 go run ./daemon/packaged -list ./cmd/unhunch ./cmd/unhunch-tray

vulnerable: ## look for known vulnerabilities; the list of them needs the internet, and is said to be missing without it
	.ci/vulnerable

# With all of it, as in the README, in an hour: BENCH_PEERS=1 make bench RUNS=5 TRACES=200
bench: build ## measure the budgets (ten minutes); IDLE=30s for a quick look, 5m by default; ONLY=tray for a part, RUNS=5 for medians
	@$(if $(BENCH_PEERS),.ci/install peers)
	go run ./daemon/desktest/bench -idle $(or $(IDLE),5m) -runs $(or $(RUNS),1) -traces $(or $(TRACES),0) \
		$(if $(BENCH_PEERS),-peers) -only '$(ONLY)' $(BIN)/unhunch

figures: ## draw all figures with their names into .github/figures.png, to be looked at
	go run ./routines/figure/sheet .github/figures.png

clean: ## remove what was built
	rm -rf bin
