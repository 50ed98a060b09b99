# make help lists the targets.
SHELL       := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

VERSION          ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
VICTORIA_VERSION := v1.140.0
FUZZTIME         ?= 10m
GOBIN_DIR        := $(or $(shell go env GOBIN),$(firstword $(subst :, ,$(shell go env GOPATH)))/bin)

.DEFAULT_GOAL := build
.PHONY: help build web demo test lint bench fuzz generate train servers

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

build: ## bin/memseep, one static binary
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/memseep ./cmd/memseep

web: ## web/dist from the web app's sources
	@if [ -f web/package.json ]; then \
		cd web && npm ci && npm run build; \
	else \
		echo "there is no web app yet (no web/package.json): nothing to build"; \
	fi

demo: build ## a small fleet in a real store, inspected; ONCE=1 ends after the findings
	bin/memseep demo $(if $(filter-out 0,$(ONCE)),--once)

test: servers lint ## everything that has to pass: vet, lint, all tests with the race detector
	MEMSEEP_REQUIRE_SERVERS=1 CGO_ENABLED=1 go test -race -timeout 15m ./...

lint: ## gofmt, go vet, staticcheck
	@unformatted=$$(git ls-files -z '*.go' | xargs -0 -r sh -c 'for f; do [ -f "$$f" ] && printf "%s\0" "$$f"; done' sh | xargs -0 -r gofmt -l); \
	if [ -n "$$unformatted" ]; then echo "run gofmt -w on:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...

bench: servers ## the ratios that the product promises, each with its goal
	go run ./internal/bench

fuzz: ## each fuzz target for FUZZTIME (10m)
	@grep -rHoE '^func Fuzz[A-Za-z0-9_]+' --include='*_test.go' . | sort | while IFS=: read -r file func; do \
		echo "fuzz $${func#func } of $$(dirname "$$file") for $(FUZZTIME)"; \
		go test -run '^$$' -fuzz "^$${func#func }$$" -fuzztime $(FUZZTIME) "$$(dirname "$$file")"; \
	done

generate: ## files that are written by programs
	go generate ./...

train: ## write the detector's curves again from made hosts
	go run ./internal/train

# The real servers that tests run against. Where they cannot be installed from here, say what is missing.
servers:
	@missing=(); \
	for program in prometheus promtool prometheus-node-exporter prometheus-process-exporter; do \
		command -v $$program >/dev/null || missing+=($$program); \
	done; \
	if [ $${#missing[@]} -gt 0 ]; then \
		if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then \
			echo "missing: $${missing[*]}; install them, for example: apt-get install prometheus prometheus-node-exporter prometheus-process-exporter" >&2; \
			exit 1; \
		fi; \
		apt-get update -qq; \
		DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends prometheus prometheus-node-exporter prometheus-process-exporter; \
	fi
	@if ! command -v victoria-metrics >/dev/null && [ ! -x "$(GOBIN_DIR)/victoria-metrics" ]; then \
		echo "installing VictoriaMetrics $(VICTORIA_VERSION) into $(GOBIN_DIR)"; \
		CGO_ENABLED=0 go install github.com/VictoriaMetrics/VictoriaMetrics/app/victoria-metrics@$(VICTORIA_VERSION); \
	fi
