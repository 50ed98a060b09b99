-- +goose Up
-- Times are text of one width, so that they sort as text; JSON is text that no query looks into.

CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE workspaces (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    settings   TEXT,
    created_at TIMESTAMP NOT NULL,
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
    created_at    TIMESTAMP NOT NULL,
    password_at   TIMESTAMP,
    last_seen_at  TIMESTAMP,
    version       BIGINT NOT NULL
);

CREATE TABLE members (
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    user_id      TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role         TEXT NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, user_id)
);
CREATE INDEX members_user ON members (user_id, workspace_id);

CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    csrf       TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
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
    scopes       TEXT NOT NULL,
    created_by   TEXT NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    expires_at   TIMESTAMP,
    revoked_at   TIMESTAMP,
    last_used_at TIMESTAMP
);
CREATE INDEX keys_workspace ON keys (workspace_id, id);
CREATE UNIQUE INDEX keys_token ON keys (token) WHERE token <> '';

CREATE TABLE sources (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    url          TEXT NOT NULL,
    headers      TEXT,
    ca_file      TEXT NOT NULL,
    insecure     BOOLEAN NOT NULL,
    sealed       BLOB,
    created_at   TIMESTAMP NOT NULL,
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
    overrides    TEXT,
    hosts        TEXT NOT NULL,
    source_id    TEXT NOT NULL,
    "window"     BIGINT NOT NULL,
    history      BIGINT NOT NULL,
    thresholds   TEXT NOT NULL,
    healthy_runs INTEGER NOT NULL,
    no_data_runs INTEGER NOT NULL,
    policy_id    TEXT NOT NULL,
    script       TEXT,
    schedule     TEXT NOT NULL,
    time_zone    TEXT NOT NULL,
    timeout      BIGINT NOT NULL,
    enabled      BOOLEAN NOT NULL,
    expires_at   TIMESTAMP,
    next_run_at  TIMESTAMP,
    tags         TEXT,
    created_by   TEXT NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    updated_at   TIMESTAMP NOT NULL,
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
    at     TIMESTAMP NOT NULL,
    level  TEXT NOT NULL,
    text   TEXT NOT NULL,
    PRIMARY KEY (run_id, seq)
);

CREATE TABLE chunks (
    run_id   TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    "index"  INTEGER NOT NULL,
    hosts    TEXT NOT NULL,
    status   TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    ended_at TIMESTAMP,
    error    TEXT NOT NULL,
    PRIMARY KEY (run_id, "index")
);

-- What lists filter and sort by is in events, one narrow row each; the rest is in event_bodies and
-- event_snapshots, which are read by id alone.
CREATE TABLE events (
    row             INTEGER PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
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
    onset           TIMESTAMP,
    opened_at       TIMESTAMP NOT NULL,
    updated_at      TIMESTAMP NOT NULL,
    last_seen_at    TIMESTAMP NOT NULL,
    recovered_at    TIMESTAMP,
    exhausts_at     TIMESTAMP NOT NULL,
    no_suspects     TEXT NOT NULL,
    healthy_runs    INTEGER NOT NULL,
    no_data_runs    INTEGER NOT NULL,
    checked_at      TIMESTAMP,
    entries         INTEGER NOT NULL,
    told_exhaustion TIMESTAMP,
    acknowledged_at TIMESTAMP,
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

-- Text is looked for by its trigrams.
CREATE VIRTUAL TABLE event_text USING fts5 (search, content = 'events', content_rowid = 'row', tokenize = 'trigram', detail = 'full');

-- +goose StatementBegin
CREATE TRIGGER event_text_insert AFTER INSERT ON events BEGIN
    INSERT INTO event_text (rowid, search) VALUES (new.row, new.search);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER event_text_update AFTER UPDATE OF search ON events WHEN old.search <> new.search BEGIN
    INSERT INTO event_text (event_text, rowid, search) VALUES ('delete', old.row, old.search);
    INSERT INTO event_text (rowid, search) VALUES (new.row, new.search);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER event_text_delete AFTER DELETE ON events BEGIN
    INSERT INTO event_text (event_text, rowid, search) VALUES ('delete', old.row, old.search);
END;
-- +goose StatementEnd

CREATE TABLE event_bodies (
    event_id   TEXT PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE,
    verdict    TEXT NOT NULL,
    suspects   TEXT,
    dimensions TEXT,
    attributes TEXT
);

CREATE TABLE event_snapshots (
    event_id TEXT PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE,
    snapshot TEXT NOT NULL
);

CREATE TABLE event_labels (
    event_id     TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    key          TEXT NOT NULL,
    value        TEXT NOT NULL,
    workspace_id TEXT NOT NULL,
    PRIMARY KEY (event_id, key, value)
) WITHOUT ROWID;
CREATE INDEX event_labels_value ON event_labels (workspace_id, key, value, event_id);

CREATE TABLE event_entries (
    event_id    TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    seq         INTEGER NOT NULL,
    at          TIMESTAMP NOT NULL,
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
    name         TEXT NOT NULL,
    labels       TEXT,
    collectors   TEXT,
    total_bytes  DOUBLE PRECISION NOT NULL,
    value        DOUBLE PRECISION,
    level        TEXT NOT NULL,
    cause        TEXT NOT NULL,
    verdict      TEXT,
    health       TEXT,
    inspected_at TIMESTAMP,
    last_seen_at TIMESTAMP,
    spark        BLOB,
    PRIMARY KEY (workspace_id, name)
);

CREATE TABLE audit (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    at           TIMESTAMP NOT NULL,
    actor        TEXT NOT NULL,
    address      TEXT NOT NULL,
    action       TEXT NOT NULL,
    subject      TEXT NOT NULL,
    detail       TEXT,
    status       INTEGER NOT NULL
);
CREATE INDEX audit_workspace ON audit (workspace_id, id);
