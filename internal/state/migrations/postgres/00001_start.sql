-- +goose Up
-- JSON is kept as it was written: no query looks into it.

CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value JSON NOT NULL
);

CREATE TABLE workspaces (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    settings   JSON,
    created_at TIMESTAMPTZ NOT NULL,
    version    BIGINT NOT NULL
);

CREATE TABLE users (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL UNIQUE,
    email         TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    administrator BOOLEAN NOT NULL,
    disabled      BOOLEAN NOT NULL,
    language      TEXT NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL,
    password_at   TIMESTAMPTZ,
    last_seen_at  TIMESTAMPTZ,
    version       BIGINT NOT NULL
);

CREATE TABLE members (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    user_id      TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role         TEXT NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, user_id)
);
CREATE INDEX members_user ON members (user_id, workspace_id);

CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    csrf       TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    address    TEXT NOT NULL,
    agent      TEXT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE keys (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    secret_hash  TEXT NOT NULL,
    token        TEXT NOT NULL,
    scopes       JSON NOT NULL,
    created_by   TEXT NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    expires_at   TIMESTAMPTZ,
    revoked_at   TIMESTAMPTZ,
    last_used_at TIMESTAMPTZ
);
CREATE INDEX keys_workspace ON keys (workspace_id, id);
CREATE UNIQUE INDEX keys_token ON keys (token) WHERE token <> '';

CREATE TABLE sources (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    url          TEXT NOT NULL,
    headers      JSON,
    ca_file      TEXT NOT NULL,
    insecure     BOOLEAN NOT NULL,
    sealed       BYTEA,
    created_at   TIMESTAMPTZ NOT NULL,
    version      BIGINT NOT NULL,
    UNIQUE (workspace_id, name)
);

CREATE TABLE inspections (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    help         TEXT NOT NULL,
    origin       TEXT NOT NULL,
    origin_key   TEXT NOT NULL,
    overrides    JSON,
    hosts        TEXT NOT NULL,
    source_id    TEXT NOT NULL,
    "window"     BIGINT NOT NULL,
    history      BIGINT NOT NULL,
    thresholds   JSON NOT NULL,
    healthy_runs INTEGER NOT NULL,
    no_data_runs INTEGER NOT NULL,
    policy_id    TEXT NOT NULL,
    script       JSON,
    schedule     TEXT NOT NULL,
    time_zone    TEXT NOT NULL,
    timeout      BIGINT NOT NULL,
    enabled      BOOLEAN NOT NULL,
    expires_at   TIMESTAMPTZ,
    next_run_at  TIMESTAMPTZ,
    tags         JSON,
    created_by   TEXT NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    updated_at   TIMESTAMPTZ NOT NULL,
    version      BIGINT NOT NULL
);
CREATE INDEX inspections_workspace ON inspections (workspace_id, id);
CREATE UNIQUE INDEX inspections_origin ON inspections (workspace_id, origin, origin_key) WHERE origin_key <> '';
CREATE INDEX inspections_due ON inspections (next_run_at) WHERE enabled;

CREATE TABLE runs (
    id            TEXT PRIMARY KEY,
    workspace_id  TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    inspection_id TEXT NOT NULL REFERENCES inspections (id) ON DELETE CASCADE,
    inspection    TEXT NOT NULL,
    scheduled_at  TIMESTAMPTZ NOT NULL,
    manual        TEXT NOT NULL,
    made_up       BOOLEAN NOT NULL,
    status        TEXT NOT NULL,
    started_at    TIMESTAMPTZ,
    ended_at      TIMESTAMPTZ,
    at            TIMESTAMPTZ,
    chunks        INTEGER NOT NULL,
    chunks_done   INTEGER NOT NULL,
    hosts         INTEGER NOT NULL,
    failed        INTEGER NOT NULL,
    no_data       INTEGER NOT NULL,
    leaks         INTEGER NOT NULL,
    opened        INTEGER NOT NULL,
    recovered_n   INTEGER NOT NULL,
    error         TEXT NOT NULL,
    log_seq       BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX runs_workspace ON runs (workspace_id, id);
CREATE INDEX runs_inspection ON runs (inspection_id, id);
CREATE INDEX runs_going ON runs (inspection_id) WHERE status IN ('pending', 'running');
-- A scheduled time is run once, whoever claims it.
CREATE UNIQUE INDEX runs_once ON runs (inspection_id, scheduled_at) WHERE manual = '';

CREATE TABLE run_log (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    seq    BIGINT NOT NULL,
    at     TIMESTAMPTZ NOT NULL,
    level  TEXT NOT NULL,
    text   TEXT NOT NULL,
    PRIMARY KEY (run_id, seq)
);

CREATE TABLE chunks (
    run_id   TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    "index"  INTEGER NOT NULL,
    hosts    JSON NOT NULL,
    status   TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    ended_at TIMESTAMPTZ,
    error    TEXT NOT NULL,
    PRIMARY KEY (run_id, "index")
);

-- What lists filter and sort by is in events, one narrow row each; the rest is in event_bodies and
-- event_snapshots, which are read by id alone.
CREATE TABLE events (
    id              TEXT PRIMARY KEY,
    workspace_id    TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    inspection_id   TEXT NOT NULL,
    inspection      TEXT NOT NULL,
    incident_id     TEXT NOT NULL,
    fingerprint     TEXT NOT NULL,
    kind            TEXT NOT NULL,
    host            TEXT NOT NULL,
    name            TEXT NOT NULL,
    namespace       TEXT NOT NULL,
    owner           TEXT NOT NULL,
    culprit         TEXT NOT NULL,
    title           TEXT NOT NULL,
    search          TEXT NOT NULL,
    status          TEXT NOT NULL,
    recovery        TEXT NOT NULL,
    level           TEXT NOT NULL,
    urgency         INTEGER NOT NULL,
    cause           TEXT NOT NULL,
    onset           TIMESTAMPTZ,
    opened_at       TIMESTAMPTZ NOT NULL,
    updated_at      TIMESTAMPTZ NOT NULL,
    last_seen_at    TIMESTAMPTZ NOT NULL,
    recovered_at    TIMESTAMPTZ,
    exhausts_at     TIMESTAMPTZ NOT NULL,
    no_suspects     TEXT NOT NULL,
    healthy_runs    INTEGER NOT NULL,
    no_data_runs    INTEGER NOT NULL,
    checked_at      TIMESTAMPTZ,
    entries         INTEGER NOT NULL,
    told_exhaustion TIMESTAMPTZ,
    acknowledged_at TIMESTAMPTZ,
    acknowledged_by TEXT NOT NULL,
    note            TEXT NOT NULL,
    not_leak        TEXT NOT NULL,
    silenced        BOOLEAN NOT NULL,
    version         BIGINT NOT NULL
);
-- The indexes that lists are read along end in what they filter by most, so that rows that do not
-- match are passed over without being read.
CREATE UNIQUE INDEX events_one_open ON events (fingerprint) WHERE status = 'open';
CREATE INDEX events_open_host ON events (inspection_id, host) WHERE status = 'open';
CREATE INDEX events_recovered_host ON events (inspection_id, host, recovered_at) WHERE status = 'recovered';
CREATE INDEX events_open_culprit ON events (workspace_id, culprit) WHERE status = 'open';
CREATE INDEX events_opened ON events (workspace_id, opened_at, id, status, urgency, kind);
CREATE INDEX events_status_opened ON events (workspace_id, status, opened_at, id, urgency, kind);
CREATE INDEX events_level ON events (workspace_id, urgency, opened_at, id, status, kind);
CREATE INDEX events_status_level ON events (workspace_id, status, urgency, opened_at, id, kind);
CREATE INDEX events_exhaustion ON events (workspace_id, exhausts_at, id, status, urgency, kind);
CREATE INDEX events_status_exhaustion ON events (workspace_id, status, exhausts_at, id, urgency, kind);
CREATE INDEX events_host ON events (workspace_id, host, opened_at, id);
CREATE INDEX events_culprit ON events (workspace_id, culprit, opened_at, id);
CREATE INDEX events_inspection ON events (workspace_id, inspection_id, opened_at, id);
CREATE INDEX events_incident ON events (workspace_id, incident_id, opened_at, id);
CREATE INDEX events_kind ON events (workspace_id, kind, opened_at, id, status, urgency);
CREATE INDEX events_counts ON events (workspace_id, status, urgency, kind);

-- Text is looked for by its trigrams where the server has pg_trgm and lets us have it; without, each
-- event's text is read.
-- +goose StatementBegin
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX events_search ON events USING gin (search gin_trgm_ops);
EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE 'events are searched without pg_trgm: %', SQLERRM;
END
$$;
-- +goose StatementEnd

CREATE TABLE event_bodies (
    event_id   TEXT PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE,
    verdict    JSON NOT NULL,
    suspects   JSON,
    dimensions JSON,
    attributes JSON
);

CREATE TABLE event_snapshots (
    event_id TEXT PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE,
    snapshot JSON NOT NULL
);

CREATE TABLE event_labels (
    event_id     TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    key          TEXT NOT NULL,
    value        TEXT NOT NULL,
    workspace_id TEXT NOT NULL,
    PRIMARY KEY (event_id, key, value)
);
CREATE INDEX event_labels_value ON event_labels (workspace_id, key, value, event_id);

CREATE TABLE event_entries (
    event_id    TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    seq         INTEGER NOT NULL,
    at          TIMESTAMPTZ NOT NULL,
    change      TEXT NOT NULL,
    level       TEXT NOT NULL,
    recovery    TEXT NOT NULL,
    "by"        TEXT NOT NULL,
    note        TEXT NOT NULL,
    duration_ns BIGINT NOT NULL,
    PRIMARY KEY (event_id, seq)
);

CREATE TABLE hosts (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    name         TEXT COLLATE "C" NOT NULL,
    labels       JSON,
    collectors   JSON,
    total_bytes  DOUBLE PRECISION NOT NULL,
    value        DOUBLE PRECISION,
    level        TEXT NOT NULL,
    cause        TEXT NOT NULL,
    verdict      JSON,
    health       JSON,
    inspected_at TIMESTAMPTZ,
    last_seen_at TIMESTAMPTZ,
    spark        BYTEA,
    PRIMARY KEY (workspace_id, name)
);

CREATE TABLE audit (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    at           TIMESTAMPTZ NOT NULL,
    actor        TEXT NOT NULL,
    address      TEXT NOT NULL,
    action       TEXT NOT NULL,
    subject      TEXT NOT NULL,
    detail       JSON,
    status       INTEGER NOT NULL
);
CREATE INDEX audit_workspace ON audit (workspace_id, id);
