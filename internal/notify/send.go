package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/memseep/memseep/internal/notify/target"
)

// stopGrace is how long a notice that has left waits for its answer when this process is being stopped.
const stopGrace = 5 * time.Second

// handOver makes a notice ready, claims it, and hands it to its target. Nothing leaves that is not
// claimed. The claim stands as near as can be before the message: when it is rendered and its picture
// drawn, the name resolved and the connection made, and a mail server has taken its recipients. A kill
// between the two would count as a try of a message that never left.
func (n *Notify) handOver(ctx context.Context, t *try) (target.Answer, error) {
	to, m, err := n.ready(ctx, t)
	if err != nil {
		return target.Answer{}, err
	}
	sending, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendTimeout)
	defer cancel()
	stopped := context.AfterFunc(ctx, func() { time.AfterFunc(stopGrace, cancel) })
	defer stopped()
	sending = target.Leaving(sending, sync.OnceValue(func() bool {
		if ctx.Err() != nil { // nothing leaves any more
			return false
		}
		t.held, t.failed = n.claim(ctx, t)
		return t.claimed
	}))
	return n.send(sending, t, to, m)
}

// ready opens the target and reads the message, with its picture.
func (n *Notify) ready(ctx context.Context, t *try) (target.Target, target.Message, error) {
	_, to, err := n.open(&t.target)
	if err != nil {
		return nil, target.Message{}, &target.Error{Reason: "its settings: " + err.Error()}
	}
	m, err := decodeContent(t.notice.Content)
	if err != nil {
		return nil, m, &target.Error{Reason: err.Error()}
	}
	if t.kind.Pictures && t.notice.EventID != "" && !m.Recovered {
		m.Picture = n.picture(ctx, t.notice.WorkspaceID, t.notice.EventID)
	}
	return to, m, nil
}

// eachBatch is how many events a target that takes each by itself is given at once.
const eachBatch = 500

// send sends a message, or the events of a notice, as they are now, a part at a time: what was sent
// before is the same again.
func (n *Notify) send(ctx context.Context, t *try, to target.Target, m target.Message) (answer target.Answer, err error) {
	if !t.kind.Each || t.notice.Events == 0 {
		return to.Send(ctx, m)
	}
	ws, notice := t.notice.WorkspaceID, t.notice.ID
	for after := ""; ; {
		events, err := n.o.DB.NoticeEvents(ctx, ws, notice, after, eachBatch)
		if err != nil || len(events) == 0 {
			return answer, err
		}
		ids := make([]string, len(events))
		for i := range events {
			ids[i] = events[i].ID
		}
		told, err := n.o.DB.Told(ctx, ws, ids)
		if err != nil {
			return answer, err
		}
		m.Alerts = nil
		for i := range events {
			if t, ok := told[events[i].ID]; ok {
				m.Alerts = append(m.Alerts, n.alerts(&events[i], &t, m.Language)...)
			}
		}
		if len(m.Alerts) > 0 {
			if answer, err = to.Send(ctx, m); err != nil {
				return answer, err
			}
		}
		after = ids[len(ids)-1]
	}
}

// encodeContent keeps a message without what is made anew when it is sent.
func encodeContent(m target.Message) ([]byte, error) {
	m.Picture, m.Alerts = nil, nil
	b, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("keep a message: %w", err)
	}
	return b, nil
}

func decodeContent(b []byte) (target.Message, error) {
	var m target.Message
	if err := json.Unmarshal(b, &m); err != nil {
		return m, fmt.Errorf("read a message that was kept: %w", err)
	}
	return m, nil
}
