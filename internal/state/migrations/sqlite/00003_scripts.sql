-- +goose Up
CREATE TABLE script_sets (
    id             TEXT PRIMARY KEY,
    workspace_id   TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    name           TEXT NOT NULL,
    title          TEXT NOT NULL,
    description    TEXT NOT NULL,
    package        TEXT,
    package_name   TEXT NOT NULL,
    created_by     TEXT NOT NULL,
    created_at     TIMESTAMP NOT NULL,
    updated_at     TIMESTAMP NOT NULL,
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
    draft_at     TIMESTAMP NOT NULL,
    draft_by     TEXT NOT NULL,
    code         TEXT NOT NULL,
    number       INTEGER NOT NULL,
    functions    TEXT,
    published_at TIMESTAMP,
    published_by TEXT NOT NULL,
    created_by   TEXT NOT NULL,
    created_at   TIMESTAMP NOT NULL,
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
    at        TIMESTAMP NOT NULL,
    PRIMARY KEY (script_id, number)
);

CREATE TABLE triggers (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    script_id    TEXT NOT NULL REFERENCES scripts (id) ON DELETE CASCADE,
    function     TEXT NOT NULL,
    args         TEXT,
    schedule     TEXT NOT NULL,
    fixed        BOOLEAN NOT NULL,
    time_zone    TEXT NOT NULL,
    timeout      BIGINT NOT NULL,
    enabled      BOOLEAN NOT NULL,
    expires_at   TIMESTAMP,
    next_run_at  TIMESTAMP,
    note         TEXT NOT NULL,
    tags         TEXT,
    keep         INTEGER NOT NULL,
    created_by   TEXT NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    updated_at   TIMESTAMP NOT NULL,
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
    value        TEXT,
    sealed       BLOB,
    note         TEXT NOT NULL,
    created_by   TEXT NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    updated_at   TIMESTAMP NOT NULL,
    version      BIGINT NOT NULL,
    UNIQUE (workspace_id, set_id, name)
);

CREATE TABLE script_values (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    place        TEXT NOT NULL,
    scope        TEXT NOT NULL,
    key          TEXT NOT NULL,
    value        TEXT NOT NULL,
    bytes        BIGINT NOT NULL,
    expires_at   TIMESTAMP,
    PRIMARY KEY (workspace_id, place, scope, key)
) WITHOUT ROWID;
CREATE INDEX script_values_expiry ON script_values (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE package_sources (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    kind         TEXT NOT NULL,
    address      TEXT NOT NULL,
    public_key   TEXT NOT NULL,
    packages     TEXT,
    checked_at   TIMESTAMP,
    error        TEXT NOT NULL,
    created_by   TEXT NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    version      BIGINT NOT NULL,
    UNIQUE (workspace_id, name)
);

ALTER TABLE event_bodies ADD COLUMN message TEXT NOT NULL DEFAULT '';

-- A run is of an inspection, of a trigger, or of a trigger whose function is an inspection. SQLite
-- changes no constraint: the tables are written anew, those that refer to runs first.
CREATE TABLE runs_new (
    id            TEXT PRIMARY KEY,
    workspace_id  TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    inspection_id TEXT REFERENCES inspections (id) ON DELETE CASCADE,
    trigger_id    TEXT REFERENCES triggers (id) ON DELETE CASCADE,
    inspection    TEXT NOT NULL,
    scheduled_at  TIMESTAMP NOT NULL,
    manual        TEXT NOT NULL,
    made_up       BOOLEAN NOT NULL,
    status        TEXT NOT NULL,
    started_at    TIMESTAMP,
    ended_at      TIMESTAMP,
    at            TIMESTAMP,
    chunks        INTEGER NOT NULL,
    chunks_done   INTEGER NOT NULL,
    hosts         INTEGER NOT NULL,
    failed        INTEGER NOT NULL,
    no_data       INTEGER NOT NULL,
    leaks         INTEGER NOT NULL,
    opened        INTEGER NOT NULL,
    recovered_n   INTEGER NOT NULL,
    error         TEXT NOT NULL,
    traceback     TEXT NOT NULL,
    result        TEXT,
    peak_bytes    BIGINT NOT NULL,
    log_seq       BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE run_log_new (
    run_id TEXT NOT NULL REFERENCES runs_new (id) ON DELETE CASCADE,
    seq    BIGINT NOT NULL,
    at     TIMESTAMP NOT NULL,
    level  TEXT NOT NULL,
    text   TEXT NOT NULL,
    PRIMARY KEY (run_id, seq)
);
CREATE TABLE chunks_new (
    run_id   TEXT NOT NULL REFERENCES runs_new (id) ON DELETE CASCADE,
    "index"  INTEGER NOT NULL,
    hosts    TEXT NOT NULL,
    status   TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    ended_at TIMESTAMP,
    error    TEXT NOT NULL,
    PRIMARY KEY (run_id, "index")
);
INSERT INTO runs_new (id, workspace_id, inspection_id, inspection, scheduled_at, manual, made_up, status, started_at, ended_at, at,
    chunks, chunks_done, hosts, failed, no_data, leaks, opened, recovered_n, error, traceback, peak_bytes, log_seq)
SELECT id, workspace_id, inspection_id, inspection, scheduled_at, manual, made_up, status, started_at, ended_at, at,
    chunks, chunks_done, hosts, failed, no_data, leaks, opened, recovered_n, error, '', 0, log_seq FROM runs;
INSERT INTO run_log_new SELECT run_id, seq, at, level, text FROM run_log;
INSERT INTO chunks_new SELECT run_id, "index", hosts, status, attempts, ended_at, error FROM chunks;
DROP TABLE run_log;
DROP TABLE chunks;
DROP TABLE runs;
ALTER TABLE runs_new RENAME TO runs;
ALTER TABLE run_log_new RENAME TO run_log;
ALTER TABLE chunks_new RENAME TO chunks;
CREATE INDEX runs_workspace ON runs (workspace_id, id);
CREATE INDEX runs_inspection ON runs (inspection_id, id);
CREATE INDEX runs_trigger ON runs (trigger_id, id) WHERE trigger_id IS NOT NULL;
CREATE INDEX runs_going ON runs (inspection_id) WHERE status IN ('pending', 'running');
CREATE INDEX runs_trigger_going ON runs (trigger_id) WHERE trigger_id IS NOT NULL AND status IN ('pending', 'running');
CREATE UNIQUE INDEX runs_once ON runs (inspection_id, scheduled_at) WHERE manual = '' AND trigger_id IS NULL;
CREATE UNIQUE INDEX runs_trigger_once ON runs (trigger_id, scheduled_at) WHERE manual = '' AND trigger_id IS NOT NULL;
