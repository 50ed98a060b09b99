package notify

import (
	"fmt"
	"slices"
	"time"

	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// limit tells an open event once; again where its level is above what was told, at once; and again
// after the policy's period, unless somebody has acknowledged it.
func limit(p *passage) (target.Words, bool) {
	e, told := p.event, p.told
	switch {
	case told == nil && len(p.collecting) > 0:
		p.targets = slices.DeleteFunc(slices.Clone(p.targets), func(id string) bool { return slices.Contains(p.collecting, id) })
		if len(p.targets) == 0 {
			return words("it waits to be told with others", "正在等待与其他事件合并通知"), false
		}
		p.reason = Opened
		return words("it waits to be told with others; its rule names further targets now, which are told too", "正在等待与其他事件合并通知；当前规则另有通知对象，一并通知"), true
	case told == nil || told.Ended:
		p.reason = Opened
		return words("it was not told yet", "尚未通知过"), true
	case urgency(e.Level) > urgency(highest(told)):
		p.reason = LevelRose
		return words("its level has risen since it was told: it is told again at once", "级别较上次通知升高：立即再次通知"), true
	case p.policy.Again <= 0:
		return words(fmt.Sprintf("it was told at %s, and is never told again", clock(told.At, p.policy)),
			fmt.Sprintf("已于 %s 通知，之后不再重复", clock(told.At, p.policy))), false
	case !e.AcknowledgedAt.IsZero():
		return words(fmt.Sprintf("it was told, and %s takes care of it", e.AcknowledgedBy), fmt.Sprintf("已通知，%s 正在处理", e.AcknowledgedBy)), false
	}
	// Runs begin a little earlier or later than on the hour: what is due within a minute is due.
	if next := told.At.Add(p.policy.Again); p.now.Before(next.Add(-time.Minute)) {
		return words(fmt.Sprintf("it was told at %s, and is told again after %s", clock(told.At, p.policy), clock(next, p.policy)),
			fmt.Sprintf("已于 %s 通知，%s 之后才会再次通知", clock(told.At, p.policy), clock(next, p.policy))), false
	}
	p.reason = Reminder
	return words("its silence period is over: it is told again", "静默期已过：再次通知"), true
}

// highest is the highest level that was told.
func highest(t *state.Told) leak.Level {
	if len(t.Levels) == 0 {
		return leak.OK
	}
	return t.Levels[len(t.Levels)-1]
}
