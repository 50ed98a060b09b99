package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

const repository = "../.."

// pages are those that a user reads.
func pages(t *testing.T) (paths []string) {
	t.Helper()
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md", "deploy/*/*.md", "examples/*.md", "examples/*/*.md"} {
		found, err := filepath.Glob(filepath.Join(repository, pattern))
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, found...)
	}
	return paths
}

func readPage(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var (
	word       = regexp.MustCompile(`'[^']*'|"[^"]*"|\S+`)
	shellAfter = regexp.MustCompile(`\s+(#|>|&|\|).*`)
)

// try parses a line that calls memseep; other lines are none of ours.
func try(t *testing.T, where, line string) (ours bool) {
	t.Helper()
	call, ours := strings.CutPrefix(strings.TrimPrefix(strings.TrimSpace(line), "bin/"), "memseep ")
	if !ours {
		return false
	}
	var words []string
	for _, w := range word.FindAllString(shellAfter.ReplaceAllString(call, ""), -1) {
		words = append(words, strings.Trim(w, `'"`))
	}
	c, args, err := rootCommand().Find(words)
	if err == nil {
		err = c.ParseFlags(args)
	}
	if err == nil {
		err = c.ValidateArgs(c.Flags().Args())
	}
	if err != nil || !c.Runnable() {
		t.Errorf("%s: %s: %v", where, strings.TrimSpace(line), err)
	}
	return true
}

// Each command that a page or a help prints is one that there is, with flags that it has.
func TestPrintedCommandsCanBeTyped(t *testing.T) {
	n := 0
	for _, path := range pages(t) {
		for line := range strings.Lines(readPage(t, path)) {
			if strings.HasPrefix(line, "    ") && try(t, path, line) {
				n++
			}
		}
	}
	if n < 50 {
		t.Errorf("%d commands are found in the pages", n)
	}
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		for line := range strings.Lines(c.Example) {
			if !try(t, c.CommandPath(), line) {
				t.Errorf("%s: no call of memseep: %s", c.CommandPath(), line)
			}
		}
		for _, below := range c.Commands() {
			walk(below)
		}
	}
	walk(rootCommand())
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	unsaid  = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
)

// anchors are what links may name of a page, as they are made of its headings.
func anchors(text string) map[string]bool {
	found := map[string]bool{}
	for _, h := range heading.FindAllStringSubmatch(text, -1) {
		found[strings.ReplaceAll(unsaid.ReplaceAllString(strings.ToLower(h[1]), ""), " ", "-")] = true
	}
	return found
}

func TestLinksOfThePagesLeadSomewhere(t *testing.T) {
	for _, path := range pages(t) {
		for _, l := range link.FindAllStringSubmatch(readPage(t, path), -1) {
			if strings.Contains(l[1], "://") {
				continue
			}
			name, anchor, _ := strings.Cut(l[1], "#")
			to := path
			if name != "" {
				to = filepath.Join(filepath.Dir(path), name)
			}
			if _, err := os.Stat(to); err != nil {
				t.Errorf("%s: %v", path, err)
			} else if anchor != "" && !anchors(readPage(t, to))[anchor] {
				t.Errorf("%s: %s has no such heading", path, l[1])
			}
		}
	}
}

// Each page is there in English and in Chinese, and leads from the one to the other.
func TestPagesHaveTwoSides(t *testing.T) {
	sides := map[string]int{}
	for folder, other := range map[string]string{"docs": "(zh/", "docs/zh": "(../"} {
		found, err := filepath.Glob(filepath.Join(repository, folder, "*.md"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			name := filepath.Base(path)
			sides[name]++
			if !strings.Contains(readPage(t, path), "]"+other+name+")") {
				t.Errorf("%s does not lead to its other side", path)
			}
		}
	}
	for name, n := range sides {
		if n != 2 {
			t.Errorf("%s is there in one language alone", name)
		}
	}
}
