package main

import (
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// terminal says whether a file is a terminal that takes colours, and how wide it is; 0 where it
// is none.
func terminal(f *os.File) (color bool, width int) {
	fd := int(f.Fd())
	if !term.IsTerminal(fd) {
		return false, 0
	}
	width, _, err := term.GetSize(fd)
	if err != nil {
		width = 0
	}
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb", width
}

// progress shows on stderr how far something has come, where that is a terminal.
type progress struct {
	bar   *progressbar.ProgressBar
	what  string
	begun time.Time
}

// quick is how long something may take without a bar: one that flashes by helps nobody.
const quick = 300 * time.Millisecond

func newProgress(what string) *progress {
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		return &progress{}
	}
	return &progress{what: what, begun: time.Now()}
}

// set tells the progress; total is 0 where it is not known.
func (p *progress) set(done, total int64) {
	if p.what == "" || p.bar == nil && time.Since(p.begun) < quick {
		return
	}
	if total <= 0 {
		total = -1
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(os.Stderr),
			progressbar.OptionSetDescription(p.what),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(),
			progressbar.OptionSetWidth(30),
		)
	}
	if p.bar.GetMax64() != total && total > 0 {
		p.bar.ChangeMax64(total)
	}
	_ = p.bar.Set64(done) // a bar that cannot be drawn stops nothing
}

// clear takes the bar off the screen, before something else is printed there.
func (p *progress) clear() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}
