# make help lists the targets.
SHELL       := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

VERSION          ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
VICTORIA_VERSION := v1.140.0
FUZZTIME         ?= 10m
GOBIN_DIR        := $(or $(shell go env GOBIN),$(firstword $(subst :, ,$(shell go env GOPATH)))/bin)

.DEFAULT_GOAL := build
.PHONY: help build web web-test e2e measure-web screenshots demo test lint bench torture fuzz generate train servers

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' | expand -t 12

build: ## bin/memseep, one static binary
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/memseep ./cmd/memseep

web: web/node_modules/.package-lock.json ## web/dist from the web app's sources
	cd web && npm run build

# npm writes this file when it has installed what the lock file names.
web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	cd web && npm ci --no-fund --no-audit
	touch $@

demo: ## a server with a week of a small fleet, inspected; ONCE=1 ends after the findings
	$(if $(filter-out 0,$(ONCE)),,$(MAKE) web)
	$(MAKE) build
	bin/memseep demo $(if $(filter-out 0,$(ONCE)),--once)

test: servers lint web-test ## everything that has to pass: lint, all tests with the race detector, the web app in a browser
	MEMSEEP_REQUIRE_SERVERS=1 CGO_ENABLED=1 go test -race -timeout 15m ./...
	$(MAKE) e2e

web-test: web/node_modules/.package-lock.json ## lint and unit tests of the web app
	cd web && npm run lint && npm test

e2e: servers web ## the web app in a real browser, against a real server
	$(MAKE) build
	cd web && npm run e2e

measure-web: web ## 5,000 hosts and 100,000 events in a browser; the numbers stand in docs/web.md
	$(MAKE) build
	cd web && MEMSEEP_E2E=measure npx playwright test

screenshots: web ## a picture of every page, light and dark, on a desk and a phone, into web/pictures
	$(MAKE) build
	cd web && MEMSEEP_E2E=screenshots npx playwright test

lint: ## gofmt, go vet, staticcheck
	@unformatted=$$(git ls-files -z '*.go' | xargs -0 -r sh -c 'for f; do [ -f "$$f" ] && printf "%s\0" "$$f"; done' sh | xargs -0 -r gofmt -l); \
	if [ -n "$$unformatted" ]; then echo "run gofmt -w on:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...

bench: servers ## the ratios that the product promises, each with its goal
	go run ./internal/bench

N ?= 50
torture: servers build ## kill -9 a server N times under load, on each database; SEED=… for other moments
	MEMSEEP_REQUIRE_SERVERS=1 go test ./internal/torture -v -count 1 -timeout 24h -run '^TestKilled' -binary $(CURDIR)/bin/memseep -kills $(N) $(if $(SEED),-seed $(SEED))

fuzz: ## each fuzz target for FUZZTIME (10m)
	@grep -rHoE '^func Fuzz[A-Za-z0-9_]+' --include='*_test.go' . | sort | while IFS=: read -r file func; do \
		echo "fuzz $${func#func } of $$(dirname "$$file") for $(FUZZTIME)"; \
		go test -run '^$$' -fuzz "^$${func#func }$$" -fuzztime $(FUZZTIME) "$$(dirname "$$file")"; \
	done

generate: ## files that are written by programs
	go generate ./...

train: ## write the detector's curves again from made hosts
	go run ./internal/train

# The real servers that tests run against, and the browser. Where they cannot be installed from here, say what is missing.
PACKAGES := prometheus prometheus-node-exporter prometheus-process-exporter prometheus-alertmanager postgresql chromium
servers:
	@missing=(); \
	for program in prometheus promtool prometheus-node-exporter prometheus-process-exporter prometheus-alertmanager chromium; do \
		command -v $$program >/dev/null || missing+=($$program); \
	done; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing+=(initdb); \
	if [ $${#missing[@]} -gt 0 ]; then \
		if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then \
			echo "missing: $${missing[*]}; install them, for example: apt-get install $(PACKAGES)" >&2; \
			exit 1; \
		fi; \
		apt-get update -qq; \
		DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $(PACKAGES); \
	fi
	@for program in victoria-metrics vmagent; do \
		if ! command -v $$program >/dev/null && [ ! -x "$(GOBIN_DIR)/$$program" ]; then \
			echo "installing $$program $(VICTORIA_VERSION) into $(GOBIN_DIR)"; \
			CGO_ENABLED=0 go install github.com/VictoriaMetrics/VictoriaMetrics/app/$$program@$(VICTORIA_VERSION); \
		fi; \
	done
