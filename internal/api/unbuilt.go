package api

import (
	"context"
	"errors"
)

func unbuilt[I, O any](context.Context, *I) (*O, error) { return nil, errors.New("to come") }
