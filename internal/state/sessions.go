package state

import (
	"context"
	"time"
)

// AddSession keeps that a person has signed in.
func (q *Queries) AddSession(ctx context.Context, s *Session) error {
	if s.CreatedAt.IsZero() {
		s.CreatedAt = time.Now().UTC()
	}
	return q.add(ctx, s, "add a session")
}

// Session reads one by the hash of its cookie, expired or not.
func (q *Queries) Session(ctx context.Context, tokenHash string) (Session, error) {
	var s Session
	return s, one(ctx, q.read.NewSelect().Model(&s).Where("token_hash = ?", tokenHash), "read a session")
}

// ExtendSession moves the end of a session.
func (q *Queries) ExtendSession(ctx context.Context, tokenHash string, expires time.Time) error {
	return change(ctx, q.write.NewUpdate().Model((*Session)(nil)).Set("expires_at = ?", expires).
		Where("token_hash = ?", tokenHash), "extend a session")
}

// DeleteSession signs a person out; a session that is not there is signed out already.
func (q *Queries) DeleteSession(ctx context.Context, tokenHash string) error {
	_, err := count(ctx, q.write.NewDelete().Model((*Session)(nil)).Where("token_hash = ?", tokenHash), "delete a session")
	return err
}

// DeleteSessionsOf signs a person out everywhere.
func (q *Queries) DeleteSessionsOf(ctx context.Context, userID string) error {
	_, err := count(ctx, q.write.NewDelete().Model((*Session)(nil)).Where("user_id = ?", userID), "delete the sessions of a user")
	return err
}

// DeleteExpiredSessions deletes those that have ended, and says how many there were.
func (q *Queries) DeleteExpiredSessions(ctx context.Context, now time.Time) (int64, error) {
	return count(ctx, q.write.NewDelete().Model((*Session)(nil)).Where("expires_at <= ?", now), "delete expired sessions")
}
