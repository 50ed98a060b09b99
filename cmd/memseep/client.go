package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/memseep/memseep/internal/api/client"
)

// answer is what a server said to a command.
type answer struct {
	value any        // as JSON
	rows  [][]string // as a table: a heading, then a line each
	fault error      // ends the command with an error when the answer is printed
}

// asks completes a command that asks a running server and prints its answer.
func asks(c *cobra.Command, ask func(ctx context.Context, server *client.Client, args []string) (answer, error)) *cobra.Command {
	var f clientFlags
	f.register(c)
	output := c.Flags().StringP("output", "o", "table", "format: table, json")
	complete(c, "output", []string{"table", "json"})
	c.RunE = func(c *cobra.Command, args []string) error {
		if *output != "table" && *output != "json" {
			return fmt.Errorf("--output %q: use table or json", *output)
		}
		server, err := f.open()
		if err != nil {
			return err
		}
		a, err := ask(c.Context(), server, args)
		if err != nil {
			return err
		}
		return errors.Join(a.print(c.OutOrStdout(), *output), a.fault)
	}
	return c
}

func (a answer) print(w io.Writer, format string) error {
	if format == "json" {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(a.value)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range a.rows {
		for i := range row {
			row[i] = plainCell(row[i])
		}
		fmt.Fprintln(t, strings.Join(row, "\t"))
	}
	return t.Flush()
}

// clientFlags say which server is asked.
type clientFlags struct {
	url, key string
}

const defaultServerURL = "http://127.0.0.1:8087"

func (f *clientFlags) register(c *cobra.Command) {
	c.Flags().StringVar(&f.url, "url", "", "address of the server (default: MEMSEEP_URL, else "+defaultServerURL+")")
	c.Flags().StringVar(&f.key, "key", "", "ID:SECRET of a key (default: MEMSEEP_KEY)")
}

func (f *clientFlags) hasKey() bool { return f.key != "" || os.Getenv("MEMSEEP_KEY") != "" }

func (f *clientFlags) open() (*client.Client, error) {
	return client.New(cmp.Or(f.url, os.Getenv("MEMSEEP_URL"), defaultServerURL), cmp.Or(f.key, os.Getenv("MEMSEEP_KEY")))
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
