# make help lists what there is to do. Everything here needs Go, git and make; make test gets the rest by itself where
# it may.

.DEFAULT_GOAL := help
SHELL := /bin/sh

VERSION := $(shell sed -n 's/^const Version = "\(.*\)"/\1/p' chatcore/version.go)

# The flags that make chat.wasm small and quick to start, and the gain of each, are in docs/build.md. Most are for Go 1.26 only.
# With another Go the build leaves them out, and make size has no budgets. make build GO_VERSION=go1.27 shows that with Go 1.26.
#
# Budgets are in brotli: of web/chat.wasm as a multiple of a Go program that only imports syscall/js, of build/chat.slim.wasm as
# a multiple of one that does nothing. A part has the program of its module. That of web/emulator.wasm is in bytes.
GO_VERSION := $(shell go env GOVERSION)
ifneq ($(filter go1.26 go1.26.%,$(GO_VERSION)),)
WASM_EXPERIMENT = nogreenteagc,newinliner
WASM_FLAGS = -gcflags=all=-d=inlbudgetslack=-25
WAITS = -X main.startsLater=1
SNAPSHOT = -snapshot acschat.start -rehearse acschat.rehearse -env GOGC=50 -nofloats
SLIM = -slim
SPLIT = yes
BUDGETS = -budget 1.15 -slim-budget 1.02 -part-budget 0.19
EMULATOR_BUDGET = -byte-budget 921600
else
LEFT_OUT = $(firstword $(GO_VERSION)): built without the snapshot, the slim tables and the flags that are for Go 1.26 only \
	(docs/build.md). chat.wasm is about 15 % larger with brotli and takes nearly twice the CPU time to start. chat.slim.wasm is a copy of it.
endif
PART = $(if $(SPLIT),-part $(1).conversation.wasm -without build/chat.calls.wasm)
WASM_FLAGS += -gcflags=acschat/...=-l -gcflags=acschat/chatcore/internal/json=
WASM_ENV = GOOS=js GOARCH=wasm GOWASM= GOEXPERIMENT=$(WASM_EXPERIMENT)
WASM_BUILD = $(WASM_ENV) go build -trimpath -buildvcs=false -ldflags="-s -w -buildid= $(WAITS)" $(WASM_FLAGS)

# wasmbrowsertest runs a js/wasm test binary in headless Chromium. go tool -n builds it for this machine and prints where
# it is; env -i because the environment has to fit into 12 KB of the program's memory.
WASM_EXEC = env -i 'PATH=$(PATH)' 'HOME=$(HOME)' $(shell GOOS= GOARCH= go tool -n wasmbrowsertest)
WASM_PACKAGES = ./chatcore ./emulator ./samples/browsertest

# The race detector needs a C compiler. These packages do without it in make test: they start no goroutines, or only drive other
# programs. The tests of chathttp run the core with it, and make test-long runs all of these with it.
WITHOUT_RACE = chatcore chatstate cmd/postlink docs samples/gopage
RACE = $(shell CC=$$(go env CC); command -v "$$CC" >/dev/null && echo -race)

# The packages of test-native are all but e2e: go test without the race detector, and with it.
PACKAGES = $(shell GOOS= GOARCH= go list ./... | grep -v '/e2e$$')
PLAIN_PACKAGES = $(foreach p,$(WITHOUT_RACE),$(filter %/$p,$(PACKAGES)) $(foreach q,$(PACKAGES),$(if $(findstring /$p/,$q),$q)))
RACE_PACKAGES = $(filter-out $(PLAIN_PACKAGES),$(PACKAGES))

# The e2e tests that also run with chat.slim.wasm: the demo page, messages sent once, stacks of errors, programs that end, and
# thousands of calls. make test-long runs all of them with it.
SLIM_JOURNEYS = TestFirstMessage|TestTwoClientsSendOnce|TestStack|TestProgramEnds|TestSoak

# make test runs its steps side by side, and prints the output of each when it ends. GNU make before 4.0, as macOS has it, cannot
# keep outputs apart: there the steps run one after the other. A -j of the caller's holds.
STEPS = test-e2e test-native test-wasm lint size
PARALLEL = $(if $(filter -j%,$(MAKEFLAGS)),,$(if $(filter output-sync,$(.FEATURES)),-j2 --output-sync=target))

FUZZTIME = 2m
LONG = 1m
HISTORIES = 100000

.PHONY: help build dist site pictures run setup check test test-native test-e2e test-wasm test-long test-sdk test-embed test-engines test-playwright size bench bench-core fuzz lint staticcheck clean

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18

build: web/emulator.wasm ## build web/chat.wasm, web/emulator.wasm and web/wasm_exec.js
	@mkdir -p build
	$(WASM_BUILD) -o build/chat.wasm ./wasm
	$(if $(SPLIT),$(WASM_BUILD) -tags withoutconversations -o build/chat.calls.wasm ./wasm)
	GOOS= GOARCH= go build -o build/postlink ./cmd/postlink
	build/postlink $(SNAPSHOT) $(call PART,web/chat) build/chat.wasm web/chat.wasm
	build/postlink $(SLIM) $(SNAPSHOT) $(call PART,build/chat.slim) build/chat.wasm build/chat.slim.wasm
	$(if $(SPLIT),,printf '\000asm\001\000\000\000' | tee web/chat.conversation.wasm >build/chat.slim.conversation.wasm)
	cp "$$(go env GOROOT)/lib/wasm/wasm_exec.js" web/wasm_exec.js
	@grep -q '^export const version = "$(VERSION)";$$' web/chat.js || { \
		sed 's/^export const version = .*/export const version = "$(VERSION)";/' web/chat.js >build/chat.js && cp build/chat.js web/chat.js; }
	@test -z "$(LEFT_OUT)" || echo "$(LEFT_OUT)"

# The emulator's module does not change with the client, so it is built only if its own sources have changed. The tag leaves
# out net/http. Its panics need no names: page and Node report them as ended programs.
EMULATOR_SOURCES := $(shell find emulator cmd/postlink -name '*.go' ! -name '*_test.go')

web/emulator.wasm: $(EMULATOR_SOURCES) go.mod Makefile
	@mkdir -p build
	$(WASM_ENV) go build -tags nohttp -trimpath -buildvcs=false -ldflags="-s -w -buildid=" $(WASM_FLAGS) -o build/emulator.wasm ./emulator/wasm
	GOOS= GOARCH= go build -o build/postlink ./cmd/postlink
	build/postlink $(SLIM) build/emulator.wasm $@

dist: build ## assemble dist/: the npm package, its files compressed and with their hashes, and a static chatdev; its sizes go into README.md
	GOOS= GOARCH= go run ./cmd/dist -goroot "$$(go env GOROOT)" $(if $(SPLIT),-readme README.md) dist
	GOOS= GOARCH= CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags="-s -w -buildid=" -o dist/chatdev ./cmd/chatdev

site: build ## assemble site/: the demo page with the emulator in it, for any server of files
	GOOS= GOARCH= go run ./cmd/dist -site -goroot "$$(go env GOROOT)" site

pictures: build ## make the pictures of the demo page in docs/, from the page itself
	go test -count=1 ./e2e -run TestPictures -args -pictures ../docs

run: build ## serve the demo page and the emulator (ARGS="-users jane" for chatdev's flags)
	GOOS= GOARCH= go run ./cmd/chatdev $(ARGS)

setup:
	@./scripts/setup

check: lint build ## vet, formatting, and the native tests that need no browser: before each commit
	go test -vet=off -short -count=1 ./...

test: setup ## test everything: natively, the bridge in Chromium, the page end to end, the size
	@$(MAKE) --no-print-directory $(PARALLEL) $(STEPS)

# lint vets: -vet=off keeps go test from doing it again.
test-native: build ## the native tests, with the race detector where there are goroutines
	@test -n "$(RACE)" || echo "No C compiler: the tests run without the race detector."
	@echo "go test $(RACE)"
	@go test $(RACE) -vet=off -timeout 10m $(RACE_PACKAGES)
	@echo "go test without the race detector: $(WITHOUT_RACE)"
	@go test -vet=off -timeout 10m $(PLAIN_PACKAGES)

test-e2e: build ## the page in headless Chromium, end to end; a few journeys with chat.slim.wasm, too
	go test -vet=off -timeout 15m ./e2e
	go test -vet=off -timeout 10m ./e2e -run '$(SLIM_JOURNEYS)' -args -wasm ../build/chat.slim.wasm

# The bridge's tests run with chat.js on the module as postlink makes chat.wasm, and without chat.js on the module as it makes
# chat.slim.wasm, both without the snapshot. make test-long runs both on both.
test-wasm: build ## the bridge, the core and the emulator in headless Chromium
	@echo "go test under GOOS=js: $(WASM_PACKAGES)"
	@GOOS=js GOARCH=wasm go test -vet=off -timeout 5m -exec="$(WASM_EXEC)" $(WASM_PACKAGES)
	@$(TEST_BRIDGE); bridge "" -host loader && bridge "$(SLIM)" -host bare

# bridge POSTLINK-FLAGS TEST-FLAGS... runs the bridge's tests in the form that ships.
TEST_BRIDGE = $(WASM_ENV) go test -c $(WASM_FLAGS) -o build/bridge.test.wasm ./wasm && cd wasm || exit 1; \
	bridge() { \
		form=$$1; shift; \
		echo "go test under GOOS=js: ./wasm $$*, postlink $$form"; \
		../build/postlink $$form ../build/bridge.test.wasm ../build/bridge.wasm && \
		$(WASM_EXEC) ../build/bridge.wasm -test.timeout 5m $$*; \
	}

test-long: build ## all that takes its time: 64 clients for a minute, kills, 100,000 fault histories, planted bugs, a soak, a stopped renderer, all tests with both modules
	go test $(RACE) -count=1 -timeout 1h ./chathttp -run TestCrowd -v -args -long $(LONG)
	go test $(RACE) -count=1 -timeout 1h ./cmd/chatdev -run TestKilled -v -args -kills 20
	go test -count=1 -timeout 1h ./chatcore -run TestHistories -v -args -histories $(HISTORIES)
	go test -count=1 -timeout 1h ./chatcore -run TestPlantedBugs -v -args -planted
	go test -count=1 ./cmd/postlink/snapshot -run TestTake -v -args -long
	go test -count=1 -timeout 2h ./chatstate -run TestHistories -v -args -histories $(HISTORIES)
	go test -count=1 -timeout 2h ./chatstate -run TestInboxHistories -v -args -histories $(HISTORIES)
	go test -count=1 -timeout 1h ./chatstate -run "TestPlantedBugs|TestPlantedInboxBugs" -v -args -planted
	go test -count=1 -timeout 1h ./e2e -run "TestSoak|TestSuspendedRenderer|TestRestlessTabs" -v -args -long
	go test $(RACE) -count=1 -timeout 1h $(PLAIN_PACKAGES)
	go test $(RACE) -count=1 -timeout 1h ./e2e
	go test $(RACE) -count=1 -timeout 1h ./e2e -args -wasm ../build/chat.slim.wasm
	GOOS=js GOARCH=wasm go test -count=1 -exec="$(WASM_EXEC)" ./chatcore/internal/...
	GOOS=js GOARCH=wasm go test -count=1 -exec="$(WASM_EXEC)" ./chatcore -run TestWatchModel -args -long
	@$(TEST_BRIDGE); for form in "" $(SLIM); do bridge "$$form" -long || exit 1; done

test-sdk: build sdktest/node_modules/.package-lock.json ## the emulator, as chatdev and as a module, and both clients with the official SDK, and acschat/sdk in its place; needs npm and Node 20.19
	GOOS= GOARCH= go build -o build/chatdev ./cmd/chatdev
	node sdktest/run.mjs build/chatdev
	node sdktest/run.mjs
	node sdktest/run.mjs --drop-in build/chatdev
	node sdktest/run.mjs --drop-in
	node --test emulator/wasm/
	go test -count=1 -timeout 10m ./emulator -wasm

sdktest/node_modules/.package-lock.json: sdktest/package.json sdktest/package-lock.json
	@command -v npm >/dev/null || { echo "make test-sdk needs npm and Node 20.19 or newer."; exit 1; }
	cd sdktest && npm ci --no-audit --no-fund
	@touch $@

test-playwright: playwright/node_modules/.package-lock.json ## the documented set-ups and CI job with Playwright and Vitest, as they stand; needs npm and Node 20
	@CHROMIUM=$$(for name in headless_shell headless-shell chromium chromium-browser google-chrome google-chrome-stable; do command -v "$$name" && break; done); \
	export CHROMIUM; node playwright/run.mjs build/playwright

playwright/node_modules/.package-lock.json: playwright/package.json playwright/package-lock.json
	@command -v npm >/dev/null || { echo "make test-playwright needs npm and Node 20 or newer."; exit 1; }
	cd playwright && npm ci --no-audit --no-fund
	@touch $@

test-embed: dist embedtest/node_modules/.package-lock.json samples/ui-library/node_modules/.package-lock.json ## the packed package in Vite, webpack, React, workers, Node, Microsoft's UI library, …; needs npm and Node 20.19
	node embedtest/run.mjs dist build/embedtest

embedtest/node_modules/.package-lock.json: embedtest/package.json embedtest/package-lock.json
	@command -v npm >/dev/null || { echo "make test-embed needs npm and Node 20.19 or newer."; exit 1; }
	cd embedtest && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

samples/ui-library/node_modules/.package-lock.json: samples/ui-library/package.json samples/ui-library/package-lock.json
	@command -v npm >/dev/null || { echo "make test-embed needs npm and Node 20.19 or newer."; exit 1; }
	cd samples/ui-library && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

test-engines: build enginetest/node_modules/.package-lock.json ## the client in Chromium, Firefox and WebKit; needs npm and Node 20.19
	@./scripts/setup engines
	GOOS= GOARCH= go build -o build/chatdev ./cmd/chatdev
	@node --test --test-reporter=spec enginetest/*.test.mjs
	node enginetest/run.mjs build/chatdev build/enginetest

enginetest/node_modules/.package-lock.json: enginetest/package.json enginetest/package-lock.json
	@command -v npm >/dev/null || { echo "make test-engines needs npm and Node 20.19 or newer."; exit 1; }
	cd enginetest && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

size: build ## print the size of the download, and fail above its budget (with Go 1.26)
	GOOS= GOARCH= go run ./cmd/wasmsize $(BUDGETS) web/chat.wasm build/chat.slim.wasm
	GOOS= GOARCH= go run ./cmd/wasmsize $(EMULATOR_BUDGET) web/emulator.wasm
	@test -n "$(BUDGETS)" || echo "The budgets are for Go 1.26 only."

bench: bench/node_modules/.package-lock.json dist ## the client beside the official SDK in Chromium (ARGS="--only calls --before DIR"); needs npm and Node 20.19
	@node --test --test-reporter=dot bench/*.test.mjs
	GOOS= GOARCH= go build -o build/hintrelay ./samples/hintrelay
	node bench/run.mjs --client dist $(ARGS)

bench/node_modules/.package-lock.json: bench/package.json bench/package-lock.json
	@command -v npm >/dev/null && node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' || { \
		echo "make bench needs npm and Node 20.19 or newer."; exit 1; }
	cd bench && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

bench-core: ## measure the core natively
	go test -run '^$$' -bench . -benchmem ./chatcore/... ./chatstate

# A target that is stopped at the end of its time may call that a failure ("context deadline exceeded"), which it is not.
fuzz: ## run every fuzz target (FUZZTIME=2m each)
	@mkdir -p build
	@for target in $$(grep -rho --include='*_test.go' '^func Fuzz[A-Za-z]*' . | cut -c6- | sort -u); do \
		package=$$(dirname "$$(grep -rl --include='*_test.go' "^func $$target(" . | head -n 1)"); \
		echo "$$package $$target"; \
		go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x "$$package" 2>&1 | tee build/fuzz.log; \
		grep -q -e '^ok' -e 'context deadline exceeded' build/fuzz.log || exit 1; \
	done

lint: ## check formatting, and vet for both platforms and for 32 bits
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "These files need gofmt -w."; exit 1; }
	go vet ./...
	GOOS=js GOARCH=wasm go vet ./...
	GOOS=js GOARCH=wasm go vet -tags withoutconversations ./wasm
	GOOS=linux GOARCH=386 go vet ./chatcore ./chatstate ./chathttp

# golangci-lint stays out of go.mod, to which it would add some 200 modules.
LINTER_VERSION = v2.15.0
LINTER = build/golangci-lint-$(LINTER_VERSION)/golangci-lint

$(LINTER):
	GOOS= GOARCH= GOBIN='$(CURDIR)/$(@D)' go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINTER_VERSION)

staticcheck: $(LINTER) ## find more mistakes than go vet, on both platforms; the first run builds golangci-lint
	$(LINTER) run ./...
	GOOS=js GOARCH=wasm $(LINTER) run ./...

clean: ## remove what the build made
	rm -rf build dist site web/chat.wasm web/emulator.wasm web/chat.conversation.wasm web/wasm_exec.js sdktest/node_modules embedtest/node_modules enginetest/node_modules bench/node_modules playwright/node_modules samples/ui-library/node_modules samples/ui-library/dist
