package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/memseep/memseep/internal/api/client"
)

// clientFlags are those of the commands that ask a running server.
type clientFlags struct {
	url, key, output string
}

const defaultServerURL = "http://127.0.0.1:8087"

func (f *clientFlags) register(c *cobra.Command) {
	c.Flags().StringVar(&f.url, "url", "", "address of the server (default: MEMSEEP_URL, else "+defaultServerURL+")")
	c.Flags().StringVar(&f.key, "key", "", "ID:SECRET of a key (default: MEMSEEP_KEY)")
}

// registerOutput adds the choice of a format.
func (f *clientFlags) registerOutput(c *cobra.Command) {
	f.register(c)
	c.Flags().StringVarP(&f.output, "output", "o", "table", "format: table, json")
	complete(c, "output", []string{"table", "json"})
}

func (f *clientFlags) hasKey() bool { return f.key != "" || os.Getenv("MEMSEEP_KEY") != "" }

func (f *clientFlags) open() (*client.Client, error) {
	return client.New(first(f.url, os.Getenv("MEMSEEP_URL"), defaultServerURL), first(f.key, os.Getenv("MEMSEEP_KEY")))
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// print writes value as JSON, or as the table that rows make: a heading, then a line each.
func (f *clientFlags) print(w io.Writer, value any, rows func() [][]string) error {
	switch f.output {
	case "json":
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(value)
	case "table", "":
	default:
		return fmt.Errorf("--output %q: use table or json", f.output)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows() {
		for i := range row {
			row[i] = plainCell(row[i])
		}
		fmt.Fprintln(t, strings.Join(row, "\t"))
	}
	return t.Flush()
}

// plainCell keeps what comes from outside from steering the terminal or the table.
func plainCell(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return '�'
		}
		return r
	}, s)
}

// when is a time for a table.
func when(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04")
}

// howLong is a number of seconds for a table, in its two largest units.
func howLong(seconds int64) string {
	d := time.Duration(seconds) * time.Second
	days, hours, minutes := int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60
	switch {
	case days > 0:
		return fmt.Sprintf("%dd%dh", days, hours)
	case hours > 0:
		return fmt.Sprintf("%dh%dm", hours, minutes)
	}
	return fmt.Sprintf("%dm", minutes)
}

func leftText(seconds *int64) string {
	if seconds == nil {
		return "-"
	}
	return howLong(*seconds)
}
