-- +goose Up
-- What recovered lately, for the overview.
CREATE INDEX events_recovered ON events (workspace_id, recovered_at, id) WHERE status = 'recovered';
