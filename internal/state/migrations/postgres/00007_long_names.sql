-- +goose Up
-- A row of an index has 2.7 kB at most, and a name may be longer: indexes hold its first 500 characters.
DROP INDEX events_open_host;
CREATE INDEX events_open_host ON events (inspection_id, left(host, 500)) WHERE status = 'open';
DROP INDEX events_recovered_host;
CREATE INDEX events_recovered_host ON events (inspection_id, left(host, 500), recovered_at) WHERE status = 'recovered';
DROP INDEX events_open_culprit;
CREATE INDEX events_open_culprit ON events (workspace_id, left(culprit, 500)) WHERE status = 'open';
DROP INDEX events_host;
CREATE INDEX events_host ON events (workspace_id, left(host, 500), opened_at, id);
DROP INDEX events_culprit;
CREATE INDEX events_culprit ON events (workspace_id, left(culprit, 500), opened_at, id);
ALTER TABLE hosts DROP CONSTRAINT hosts_pkey;
CREATE UNIQUE INDEX hosts_name ON hosts (workspace_id, left(name, 500), sha256(decode(replace(name, '\', '\\'), 'escape')));
-- What is planned by the new expressions has to be counted first.
ANALYZE events, hosts;
