package suspect

import (
	"math"

	"github.com/memseep/memseep/leak"
)

// How far the detector's word counts: it stays quiet when in doubt, so that its no says less than
// its yes. Nor is a belief of the curve alone ever so sure that the word counts for nothing.
const (
	mostFor     = 0.98
	mostAgainst = 0.80
	mostBelief  = 0.98
)

// hear adds the log-odds of the detector's verdict to those of the belief; of many instances, the
// verdict that speaks most for a leak. Where the detector says leak and sees more growth than the
// window's floors do, as of a leak over days, its slope counts.
func (g *group) hear(in Input, members []int, unit float64, end int64) {
	if members[len(members)-1] >= len(in.Verdicts) {
		return
	}
	most := math.Inf(-1)
	for _, m := range members {
		v := &in.Verdicts[m]
		most = max(most, odds(v))
		if !v.Leak {
			continue
		}
		g.leaks = true
		if rate := v.SlopePerHour * unit; rate > g.growth.rate {
			g.growth.rate = rate
			g.growth.hours = windowSeconds / 3600
			if v.Onset > 0 {
				g.growth.hours = min(max(float64(end-v.Onset)/3600, 0), g.growth.hours)
			}
		}
	}
	if g.growth.rate > 0 && most != 0 {
		b := min(max(g.growth.belief, 1-mostBelief), mostBelief)
		g.growth.belief = 1 / (1 + (1-b)/b*math.Exp(-most))
	}
}

// odds are the log-odds that a verdict gives to a leak; 0 where there is none.
func odds(v *leak.Verdict) float64 {
	p := max(v.Confidence, 0.5)
	switch {
	case v.Leak:
		p = min(p, mostFor)
	case v.Cause == "" || v.Cause == leak.NoData || v.Cause == leak.TooShort:
		return 0
	default:
		p = 1 - min(p, mostAgainst)
	}
	return math.Log(p / (1 - p))
}
