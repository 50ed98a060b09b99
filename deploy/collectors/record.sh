#!/bin/sh
# Builds an OpenTelemetry Collector and a Telegraf with what they need to watch memory, lets each
# send to a recorder for half a minute by the configurations beside this script, and keeps their
# requests in internal/ingest/testdata. The builds take long: they are kept in BUILD for the next time.
#
# Usage: deploy/collectors/record.sh [opentelemetry] [telegraf]     (both without arguments)
set -eu

cd "$(dirname "$0")/../.."
BUILD=${BUILD:-${XDG_CACHE_HOME:-$HOME/.cache}/memseep-collectors}
OTEL=v0.159.0
OTEL_STABLE=v1.65.0
TELEGRAF=v1.37.2
SECONDS_EACH=${SECONDS_EACH:-35}
export CGO_ENABLED=0
mkdir -p "$BUILD"

# The recorder answers as a server would, and is the process that the collectors watch: it grows.
record() { # NAME COMMAND...
    name=$1
    shift
    rm -rf "internal/ingest/testdata/$name"
    "$BUILD/leaky" -dir "internal/ingest/testdata/$name" -address 127.0.0.1:18480 &
    recorder=$!
    trap 'kill $recorder 2>/dev/null || true' EXIT
    sleep 1
    MEMSEEP_URL=http://127.0.0.1:18480 MEMSEEP_KEY=k1:secret INTERVAL=10s HOST_NAME=web-1 timeout "$SECONDS_EACH" "$@" || [ $? = 124 ]
    kill $recorder
    wait $recorder 2>/dev/null || true
    trap - EXIT
    echo "recorded: $(ls "internal/ingest/testdata/$name" | wc -l) files in internal/ingest/testdata/$name"
}

opentelemetry() {
    if [ ! -x "$BUILD/otelcol/otelcol" ]; then
        cat >"$BUILD/builder.yaml" <<YAML
dist: {name: otelcol, output_path: $BUILD/otelcol, module: memseep/otelcol, version: $OTEL}
receivers:
  - gomod: github.com/open-telemetry/opentelemetry-collector-contrib/receiver/hostmetricsreceiver $OTEL
processors:
  - gomod: go.opentelemetry.io/collector/processor/batchprocessor $OTEL
  - gomod: github.com/open-telemetry/opentelemetry-collector-contrib/processor/resourceprocessor $OTEL
exporters:
  - gomod: go.opentelemetry.io/collector/exporter/otlphttpexporter $OTEL
providers:
  - gomod: go.opentelemetry.io/collector/confmap/provider/envprovider $OTEL_STABLE
  - gomod: go.opentelemetry.io/collector/confmap/provider/fileprovider $OTEL_STABLE
  - gomod: go.opentelemetry.io/collector/confmap/provider/yamlprovider $OTEL_STABLE
YAML
        # Without tidying: that would ask for what only the tests of its parts need.
        go run "go.opentelemetry.io/collector/cmd/builder@$OTEL" --config "$BUILD/builder.yaml" --skip-compilation --skip-get-modules
        (
            cd "$BUILD/otelcol"
            rm -f go.mod
            go mod init memseep/otelcol
            # shellcheck disable=SC2046 # a module with its version a word
            go get $(sed -n 's/.*gomod: \([^ ]*\) /\1@/p' "$BUILD/builder.yaml") "go.opentelemetry.io/collector/otelcol@$OTEL"
            go build -mod=mod -trimpath -o otelcol .
        )
    fi
    # The name of the host is given, since detecting it would need the parts for all clouds.
    sed '/resourcedetection:/,/detectors/d; s/resourcedetection/resource/' deploy/collectors/opentelemetry.yaml >"$BUILD/opentelemetry.yaml"
    for encoding in proto json; do
        record "opentelemetry/$encoding" "$BUILD/otelcol/otelcol" \
            --config "$BUILD/opentelemetry.yaml" --config deploy/collectors/opentelemetry-record.yaml \
            --config "yaml:exporters::otlphttp::encoding: $encoding"
    done
}

telegraf() {
    if [ ! -x "$BUILD/telegraf" ]; then
        GOBIN="$BUILD" go install -trimpath \
            -tags custom,inputs.mem,inputs.procstat,outputs.influxdb,outputs.influxdb_v2,parsers.influx,serializers.influx \
            "github.com/influxdata/telegraf/cmd/telegraf@$TELEGRAF"
    fi
    export PROCESSES='leaky -dir'
    record telegraf/v2 "$BUILD/telegraf" --config deploy/collectors/telegraf.conf
    record telegraf/v1 "$BUILD/telegraf" --config deploy/collectors/telegraf-influxdb1.conf
}

go build -o "$BUILD/leaky" deploy/collectors/record.go
for what in ${*:-opentelemetry telegraf}; do "$what"; done
