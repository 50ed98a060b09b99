-- +goose Up
-- PostgreSQL alone bounds what an index holds. Both count their versions alike.
SELECT 1;
