package auth

import "context"

// Tend does once what Run does each hour.
func (a *Auth) Tend(ctx context.Context) { a.tend(ctx, true) }
