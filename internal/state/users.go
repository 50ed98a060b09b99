package state

import (
	"context"
	"strings"
	"time"
)

// Users lists the people of the instance, the oldest first.
func (q *Queries) Users(ctx context.Context, p Page) ([]User, string, error) {
	rows, next, err := pageByID(ctx, q.read.NewSelect(), p, false, func(u *User) string { return u.ID })
	return rows, next, explain(err, "list users")
}

// User reads a person.
func (q *Queries) User(ctx context.Context, id string) (User, error) {
	var u User
	return u, one(ctx, q.read.NewSelect().Model(&u).Where("id = ?", id), "read user "+id)
}

// UserByName reads a person by the name to sign in with, in any case.
func (q *Queries) UserByName(ctx context.Context, name string) (User, error) {
	var u User
	return u, one(ctx, q.read.NewSelect().Model(&u).Where("name = ?", strings.ToLower(name)), "read user "+name)
}

// AddUser inserts a person, and fills identifier, time and version. A name is taken once, in any
// case.
func (q *Queries) AddUser(ctx context.Context, u *User) error {
	stamp(&u.ID, &u.CreatedAt)
	u.Name, u.Version = strings.ToLower(u.Name), 1
	return q.add(ctx, u, "add user "+u.Name)
}

// UpdateUser writes a person that nobody else has changed since it was read. When the person was
// last seen is TouchUser's.
func (q *Queries) UpdateUser(ctx context.Context, u *User) error {
	u.Name = strings.ToLower(u.Name)
	return q.update(ctx, u, &u.Version, inInstance, "change user "+u.Name, "created_at", "last_seen_at")
}

// TouchUser keeps when a person was last seen; it is no change of the record.
func (q *Queries) TouchUser(ctx context.Context, id string, at time.Time) error {
	return change(ctx, q.write.NewUpdate().Model((*User)(nil)).Set("last_seen_at = ?", at).Where("id = ?", id), "touch user "+id)
}

// DeleteUser deletes a person with memberships and sessions.
func (q *Queries) DeleteUser(ctx context.Context, id string) error {
	return change(ctx, q.write.NewDelete().Model((*User)(nil)).Where("id = ?", id), "delete user "+id)
}
