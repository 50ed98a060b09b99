-- +goose Up
CREATE TABLE script_sets (
    id             TEXT PRIMARY KEY,
    workspace_id   TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    name           TEXT NOT NULL,
    title          TEXT NOT NULL,
    description    TEXT NOT NULL,
    package        JSON,
    package_name   TEXT NOT NULL,
    created_by     TEXT NOT NULL,
    created_at     TIMESTAMPTZ NOT NULL,
    updated_at     TIMESTAMPTZ NOT NULL,
    version        BIGINT NOT NULL,
    UNIQUE (workspace_id, name)
);
CREATE UNIQUE INDEX script_sets_package ON script_sets (workspace_id, package_name) WHERE package_name <> '';

CREATE TABLE scripts (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    set_id       TEXT NOT NULL REFERENCES script_sets (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    title        TEXT NOT NULL,
    draft        TEXT NOT NULL,
    draft_at     TIMESTAMPTZ NOT NULL,
    draft_by     TEXT NOT NULL,
    code         TEXT NOT NULL,
    number       INTEGER NOT NULL,
    functions    JSON,
    published_at TIMESTAMPTZ,
    published_by TEXT NOT NULL,
    created_by   TEXT NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    version      BIGINT NOT NULL,
    UNIQUE (set_id, name)
);
CREATE INDEX scripts_workspace ON scripts (workspace_id, id);

CREATE TABLE script_versions (
    script_id TEXT NOT NULL REFERENCES scripts (id) ON DELETE CASCADE,
    number    INTEGER NOT NULL,
    code      TEXT NOT NULL,
    note      TEXT NOT NULL,
    "by"      TEXT NOT NULL,
    at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (script_id, number)
);

CREATE TABLE triggers (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    script_id    TEXT NOT NULL REFERENCES scripts (id) ON DELETE CASCADE,
    function     TEXT NOT NULL,
    args         JSON,
    schedule     TEXT NOT NULL,
    fixed        BOOLEAN NOT NULL,
    time_zone    TEXT NOT NULL,
    timeout      BIGINT NOT NULL,
    enabled      BOOLEAN NOT NULL,
    expires_at   TIMESTAMPTZ,
    next_run_at  TIMESTAMPTZ,
    note         TEXT NOT NULL,
    tags         JSON,
    keep         INTEGER NOT NULL,
    created_by   TEXT NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    updated_at   TIMESTAMPTZ NOT NULL,
    version      BIGINT NOT NULL
);
CREATE INDEX triggers_workspace ON triggers (workspace_id, id);
CREATE INDEX triggers_due ON triggers (next_run_at) WHERE enabled;

CREATE TABLE variables (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    set_id       TEXT NOT NULL,
    name         TEXT NOT NULL,
    kind         TEXT NOT NULL,
    value        JSON,
    sealed       BYTEA,
    note         TEXT NOT NULL,
    created_by   TEXT NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    updated_at   TIMESTAMPTZ NOT NULL,
    version      BIGINT NOT NULL,
    UNIQUE (workspace_id, set_id, name)
);

CREATE TABLE script_values (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    place        TEXT NOT NULL,
    scope        TEXT NOT NULL,
    key          TEXT NOT NULL,
    value        JSON NOT NULL,
    bytes        BIGINT NOT NULL,
    expires_at   TIMESTAMPTZ,
    PRIMARY KEY (workspace_id, place, scope, key)
);
CREATE INDEX script_values_expiry ON script_values (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE package_sources (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    kind         TEXT NOT NULL,
    address      TEXT NOT NULL,
    public_key   TEXT NOT NULL,
    packages     JSON,
    checked_at   TIMESTAMPTZ,
    error        TEXT NOT NULL,
    created_by   TEXT NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    version      BIGINT NOT NULL,
    UNIQUE (workspace_id, name)
);

ALTER TABLE event_bodies ADD COLUMN message TEXT NOT NULL DEFAULT '';
-- A run is of an inspection, of a trigger, or of a trigger whose function is an inspection.
ALTER TABLE runs ALTER COLUMN inspection_id DROP NOT NULL;
ALTER TABLE runs ADD COLUMN trigger_id TEXT REFERENCES triggers (id) ON DELETE CASCADE;
ALTER TABLE runs ADD COLUMN traceback TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN result JSON;
ALTER TABLE runs ADD COLUMN peak_bytes BIGINT NOT NULL DEFAULT 0;
CREATE INDEX runs_trigger ON runs (trigger_id, id) WHERE trigger_id IS NOT NULL;
CREATE INDEX runs_trigger_going ON runs (trigger_id) WHERE trigger_id IS NOT NULL AND status IN ('pending', 'running');
DROP INDEX runs_once;
-- A scheduled time is run once, whoever claims it.
CREATE UNIQUE INDEX runs_once ON runs (inspection_id, scheduled_at) WHERE manual = '' AND trigger_id IS NULL;
CREATE UNIQUE INDEX runs_trigger_once ON runs (trigger_id, scheduled_at) WHERE manual = '' AND trigger_id IS NOT NULL;
