-- +goose Up
-- Limits of messages are those of a robot, not of a target: several may lead to it.
ALTER TABLE notices ADD COLUMN limited TEXT NOT NULL DEFAULT '';
CREATE INDEX notices_limited ON notices (limited, tried_at) WHERE limited <> '';
CREATE INDEX notices_limited_waiting ON notices (limited, id) WHERE limited <> '' AND status IN ('pending', 'sending');
