# What one can do here. Every target sets up what it needs; none asks a question.

.PHONY: setup build demo test lint fmt bench release-go clean

setup: node_modules/.installed

node_modules/.installed: package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

build: setup
	node scripts/build.mjs

demo: build
	node dist/cavra.cjs demo

test: build
	node scripts/test.mjs

lint: setup
	node scripts/generate.mjs
	npx --no-install tsc --noEmit
	npx --no-install biome check .
	node scripts/go.mjs

fmt: setup
	npx --no-install biome check --write .
	if command -v gofmt >/dev/null; then gofmt -w go; fi

bench: build
	node scripts/bench.mjs

# The release package of the second engine: `make release-go CHANNEL=stable`, signed by the builder's key of this account (docs/release-go.md).
OUTPUT ?= release/go
CHANNEL ?= candidate
release-go: build
	node dist/cavra.cjs runtime go-package build --output $(OUTPUT) --channel $(CHANNEL)

clean:
	rm -rf dist src/generated go/generated/*.json node_modules
