-- +goose Up
-- Of a target whose recipients get a message each: the one that this notice is to.
ALTER TABLE notices ADD COLUMN recipient TEXT NOT NULL DEFAULT '';
