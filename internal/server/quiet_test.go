package server

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

func TestTheLogIsQuiet(t *testing.T) {
	tests := []struct {
		name    string
		part    string
		message string
		at      slog.Level
		level   slog.Level // of the log
		want    bool
	}{
		{"the server tells", "", "listening", slog.LevelInfo, slog.LevelInfo, true},
		{"the store does not", "store", "compact blocks", slog.LevelInfo, slog.LevelInfo, false},
		{"but warns", "store", "the disk is full", slog.LevelWarn, slog.LevelInfo, true},
		{"not of late samples", "store", "Overlapping blocks found during reloadBlocks", slog.LevelWarn, slog.LevelInfo, false},
		{"unless all is wanted", "store", "Overlapping blocks found during opening", slog.LevelWarn, slog.LevelDebug, true},
		{"all of it", "jobs", "fetched", slog.LevelInfo, slog.LevelDebug, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			l := slog.New(quiet{slog.NewTextHandler(&out, &slog.HandlerOptions{Level: tt.level})})
			if tt.part != "" {
				l = l.With("part", tt.part)
			}
			l.Log(t.Context(), tt.at, tt.message)
			if got := strings.Contains(out.String(), tt.message); got != tt.want {
				t.Errorf("%q is in the log: %v, want %v", out.String(), got, tt.want)
			}
		})
	}
}
