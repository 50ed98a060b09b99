package inspect

import (
	"time"

	"github.com/memseep/memseep/leak"
)

// Wait is why nobody is told of a leak yet. A verdict is right more often than not. That is enough for
// one look; of a fleet that is looked at each hour it would wake people every night.
type Wait string

// The reasons to wait.
const (
	// JustBegun: by what was known an hour before, it was no leak.
	JustBegun Wait = "just_begun"
	// LittleKnown: there is less than a day of it to compare with, and a morning looks the same.
	LittleKnown Wait = "little_known"
)

const (
	standing = time.Hour      // a leak that was one so long ago already stands
	known    = 24 * time.Hour // of history, in which each hour of a day was seen
	sure     = 0.97           // confidence
	urgent   = 2 * time.Hour  // left: an hour of it would be half
)

// Text says it in one sentence, in English ("en") or Chinese ("zh").
func (w Wait) Text(lang string) string {
	say := map[Wait][2]string{
		JustBegun:   {"an hour ago this was no leak", "一小时前还不是泄漏"},
		LittleKnown: {"less than a day of it is known to compare with", "可供比较的历史不足一天"},
	}[w]
	if lang == "zh" {
		return say[1]
	}
	return say[0]
}

// waitOf says whether to wait with a leak; d has judged the series before. That it stands and that it is
// sure are two signs: one is enough for what is known for a day, and both are needed before.
func waitOf(d *leak.Detector, s *leak.Series, v *leak.Verdict) Wait {
	if !v.Leak {
		return ""
	}
	isKnown := time.Duration(s.History.Reach(s.Window))*time.Second >= known
	isSure := v.Confidence >= sure
	if isKnown && isSure {
		return ""
	}
	if !isKnown && !isSure {
		return LittleKnown
	}
	if !d.Earlier(int64(standing/time.Second), s.Window, s.History, s.Limits).Leak {
		return JustBegun
	}
	return ""
}

// hurry ends the waiting where there is nothing to tell, or no time.
func (f *Finding) hurry() {
	left := time.Duration(f.Verdict.Exhaustion.At-f.At.Unix()) * time.Second
	if !f.Verdict.Leak || f.Verdict.Exhaustion.At > 0 && left <= urgent {
		f.Wait = ""
	}
}
