# The verbs a newcomer needs; continuous integration runs the same ones.
RELEASE := .build/release/demarc
# The estate has grants that begin and end: judged by one instant, the demonstration stays the same.
DEMO := --now 2026-11-24T00:00:00Z --fail-on none

# What starts clusters, replicas and servers of its own, and waits for them: beside all others they would starve each other, so they come one after another.
CLUSTERS := ^(ServerTests|KubernetesClientTests)[.]|Serve[A-Z][A-Za-z]*Tests

.PHONY: help setup build release demo test crash lint format docs bench fuzz clean

help:            ## show this list
	@grep -hE '^[a-z]+: .*##|^[a-z]+:  *##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## */  make \1\t/' | expand -t 18

setup:           ## install what building needs (libyaml, zlib, SQLite), where it is missing
	@scripts/setup.sh

build: setup     ## debug build
	swift build

release: setup   ## optimised build, one self-contained program
	swift build -c release --product demarc --static-swift-stdlib

demo: release    ## judge the example estate: a table here, a page in demo/report.html
	@mkdir -p demo
	@echo '$$ demarc scan Examples/estate'
	@$(RELEASE) scan Examples/estate $(DEMO) --format table --format html --output demo/report.html
	@echo
	@echo "The same as a page: demo/report.html"
	@echo
	@echo '$$ demarc access risks Examples/estate'
	@$(RELEASE) access risks Examples/estate 2>/dev/null | sed -n '1,21p'
	@echo '   …'
	@echo
	@echo '$$ demarc reach Examples/estate'
	@$(RELEASE) reach Examples/estate | sed -n '1,10p'
	@echo '   …'
	@echo
	@echo '$$ demarc node scan Examples/control-plane/cp-1.json --attestation Examples/control-plane/attestation.yaml'
	@$(RELEASE) node scan Examples/control-plane/cp-1.json --attestation Examples/control-plane/attestation.yaml $(DEMO)
	@echo
	@scripts/demo-serve.sh $(RELEASE)

test: lint       ## all tests, the rules of the repository included
	@scripts/setup.sh --test
	swift build --build-tests
	swift test --skip-build --skip '$(CLUSTERS)'
	swift test --skip-build --filter '$(CLUSTERS)' --no-parallel

crash: build     ## kill a ledger's writer 1,000 times, and see that what it acknowledged is there
	swift build --build-tests
	DEMARC_CRASH_RUNS=1000 swift test --skip-build --filter CrashTests

lint:            ## formatting, as the checked-in configuration says
	swift format lint --strict --recursive Sources Tests Package.swift

format:          ## rewrite the sources in the configured format
	swift format --in-place --recursive Sources Tests Package.swift

docs: build      ## regenerate docs/controls.md from the catalogue
	.build/debug/demarc controls --format markdown --output docs/controls.md

bench: release   ## measure, compare with peers, rewrite docs/performance.md
	@scripts/setup.sh --bench
	Benchmarks/compare.sh

fuzz:            ## fuzz every target for a minute
	Fuzz/run.sh 60

clean:           ## remove what builds leave behind
	rm -rf .build demo
