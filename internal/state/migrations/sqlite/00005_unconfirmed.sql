-- +goose Up
-- Tries of a notice whose end nobody kept: their process was killed.
ALTER TABLE notices ADD COLUMN unconfirmed INTEGER NOT NULL DEFAULT 0;
