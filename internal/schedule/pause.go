package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/memseep/memseep/internal/state"
)

// Pause is a time in which no trigger fires. What is running goes on, and a person can still run
// an inspection by hand.
type Pause struct {
	Until time.Time `json:"until,omitzero"` // zero where nothing is paused
	By    string    `json:"by,omitempty"`
	Since time.Time `json:"since,omitzero"`
}

// At tells whether the pause holds at a time.
func (p Pause) At(t time.Time) bool { return t.Before(p.Until) }

const pauseSetting = "schedule.pause"

// PauseAll keeps all triggers of the instance from firing until a time.
func (s *Schedule) PauseAll(ctx context.Context, until time.Time, by string) error {
	now := s.o.Clock()
	if !until.After(now) {
		return fmt.Errorf("pause until %s: this time is over", until.UTC().Format(time.RFC3339))
	}
	return s.setPause(ctx, Pause{Until: until.UTC(), By: by, Since: now.UTC()})
}

// Resume ends a pause now. Runs that it kept from firing are not made up.
func (s *Schedule) Resume(ctx context.Context) error { return s.setPause(ctx, Pause{}) }

// Paused is the pause that holds now, or the zero value.
func (s *Schedule) Paused(ctx context.Context) (Pause, error) {
	value, err := s.o.DB.Setting(ctx, pauseSetting)
	if errors.Is(err, state.ErrNotFound) {
		return Pause{}, nil
	}
	if err != nil {
		return Pause{}, fmt.Errorf("read the pause: %w", err)
	}
	var p Pause
	if err := json.Unmarshal(value, &p); err != nil {
		return Pause{}, fmt.Errorf("read the pause: %w", err)
	}
	if !p.At(s.o.Clock()) {
		return Pause{}, nil
	}
	return p, nil
}

func (s *Schedule) setPause(ctx context.Context, p Pause) error {
	value, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("keep the pause: %w", err)
	}
	if err := s.o.DB.SetSetting(ctx, pauseSetting, value); err != nil {
		return fmt.Errorf("keep the pause: %w", err)
	}
	return nil
}
