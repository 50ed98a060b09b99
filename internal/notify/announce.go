package notify

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// sayDisabled tells that a target was disabled: those that stand in a policy with it, and the owners
// of the workspace by e-mail, where it has a mail server.
func (n *Notify) sayDisabled(ctx context.Context, tx *state.Tx, failing *state.Target) error {
	ws := failing.WorkspaceID
	targets, err := allTargets(ctx, tx.Queries, ws)
	if err != nil {
		return err
	}
	beside, err := besides(ctx, tx.Queries, ws, failing.ID)
	if err != nil {
		return err
	}
	text := words(
		fmt.Sprintf("Target %q (%s) has failed for two days and was disabled. Nothing goes to it until somebody enables it again.\nLast error: %s", failing.Name, failing.Kind, failing.LastError),
		fmt.Sprintf("通知对象“%s”（%s）已连续两天失败，现已停用；重新启用之前不会再向它发送任何通知。\n最近错误：%s", failing.Name, failing.Kind, failing.LastError))
	title := words(fmt.Sprintf("Target %q was disabled", failing.Name), fmt.Sprintf("通知对象“%s”已停用", failing.Name))
	for _, to := range targets {
		if to.Enabled && to.ID != failing.ID && slices.Contains(beside, to.ID) {
			if err := n.announce(ctx, tx, to, TargetDisabled, title, text, "/alerts/targets", nil); err != nil {
				return err
			}
		}
	}
	owners, err := ownersOf(ctx, tx.Queries, ws)
	if err != nil || len(owners) == 0 {
		return err
	}
	for _, to := range targets {
		if to.Enabled && to.ID != failing.ID && to.Kind == "email" {
			return n.announce(ctx, tx, to, TargetDisabled, title, text, "/alerts/targets", owners)
		}
	}
	return nil
}

// announce tells a target something that is about no event.
func (n *Notify) announce(ctx context.Context, tx *state.Tx, to state.Target, reason Reason, title, text target.Words, path string, addresses []string) error {
	id := state.NewID()
	m := target.Message{
		ID: id, Key: id, Language: to.Language, Level: leak.Warning, StartsAt: n.now(), To: addresses,
		Title: title.In(to.Language), Short: title.In(to.Language), Text: text.In(to.Language), Markdown: target.Escape(text.In(to.Language)),
		Facts: target.Facts{Reason: string(reason), ReasonName: reasonNames[reason].In(to.Language), Status: "open", Level: string(leak.Warning), Suspects: []target.SuspectFacts{}, Labels: map[string]string{}},
	}
	if n.o.BaseURL != "" {
		m.URL = n.o.BaseURL + path
	}
	row := state.Notice{
		ID: id, WorkspaceID: to.WorkspaceID, TargetID: to.ID, Target: to.Name, Kind: to.Kind,
		Reason: string(reason), Level: leak.Warning, CreatedAt: n.now(),
	}
	return n.keepNotice(ctx, tx, to, row, m, nil)
}

// sayBeginnings tells of silences that begin soon, each beginning once.
func (n *Notify) sayBeginnings(ctx context.Context) error {
	now := n.now()
	silences, err := n.o.DB.SilencesToNotice(ctx, now)
	if err != nil {
		return err
	}
	for _, s := range silences {
		begins := Next(s.Period, location(s.TimeZone), now)
		if begins.IsZero() || begins.Sub(now) > s.NoticeBefore || s.NoticedFor.Equal(begins) {
			continue
		}
		err := n.o.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
			mine, err := tx.NoticedSilence(ctx, s.WorkspaceID, s.ID, begins)
			if err != nil || !mine {
				return err
			}
			return n.sayBeginning(ctx, tx, &s, begins)
		})
		if err != nil {
			return fmt.Errorf("tell that silence %s begins: %w", s.Name, err)
		}
	}
	return nil
}

func (n *Notify) sayBeginning(ctx context.Context, tx *state.Tx, s *state.Silence, begins time.Time) error {
	targets, err := tx.TargetsByID(ctx, s.WorkspaceID, s.NoticeTargets)
	if err != nil {
		return err
	}
	_, ends, _ := Within(s.Period, location(s.TimeZone), begins)
	from := clockIn(begins, location(s.TimeZone))
	title := words(fmt.Sprintf("Silence %q begins at %s", s.Name, from), fmt.Sprintf("静默“%s”将于 %s 开始", s.Name, from))
	text := words("It has no end.", "没有结束时间。")
	if !ends.IsZero() {
		to := clockIn(ends, location(s.TimeZone))
		text = words("It ends at "+to+". Events are made and marked nevertheless.", "结束时间："+to+"。期间事件照常产生并标记。")
	}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(s.NoticeTargets))) {
		if to, ok := targets[id]; ok {
			if err := n.announce(ctx, tx, to, SilenceBegins, title, text, "/alerts/silences", nil); err != nil {
				return err
			}
		}
	}
	return nil
}

func allTargets(ctx context.Context, q *state.Queries, ws string) ([]state.Target, error) {
	var all []state.Target
	for page := (state.Page{Limit: 1000}); ; {
		rows, next, err := q.Targets(ctx, ws, page)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
		if page.Cursor = next; next == "" {
			return all, nil
		}
	}
}

// besides are the targets of policies that tell this one.
func besides(ctx context.Context, q *state.Queries, ws, targetID string) ([]string, error) {
	ps, err := readPolicies(ctx, q, ws, nil)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, p := range ps.byID {
		if all := p.TargetIDs(); slices.Contains(all, targetID) {
			ids = append(ids, all...)
		}
	}
	return ids, nil
}

// ownersOf are the addresses of a workspace's owners.
func ownersOf(ctx context.Context, q *state.Queries, ws string) ([]string, error) {
	members, err := q.Members(ctx, ws)
	if err != nil {
		return nil, err
	}
	var addresses []string
	for _, m := range members {
		if m.Role != state.Owner {
			continue
		}
		u, err := q.User(ctx, m.UserID)
		if err != nil {
			return nil, err
		}
		if u.Email != "" && !u.Disabled {
			addresses = append(addresses, u.Email)
		}
	}
	return addresses, nil
}
