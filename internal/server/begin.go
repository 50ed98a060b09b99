package server

import (
	"context"

	"github.com/memseep/memseep/internal/auth"
)

// Begin makes what a first start makes, in a data directory that no server has open.
func Begin(ctx context.Context, o Options) (auth.First, error) {
	p, err := open(ctx, o)
	if err != nil {
		return auth.First{}, err
	}
	return p.first, p.close()
}
