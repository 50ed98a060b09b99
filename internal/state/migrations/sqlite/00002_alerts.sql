-- +goose Up
CREATE TABLE policies (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    description  TEXT NOT NULL,
    time_zone    TEXT NOT NULL,
    is_default   BOOLEAN NOT NULL,
    rules        TEXT,
    again        BIGINT NOT NULL,
    "window"     BIGINT NOT NULL,
    group_by     TEXT,
    created_by   TEXT NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    updated_at   TIMESTAMP NOT NULL,
    version      BIGINT NOT NULL,
    UNIQUE (workspace_id, name)
);
CREATE UNIQUE INDEX policies_default ON policies (workspace_id) WHERE is_default;

CREATE TABLE targets (
    id             TEXT PRIMARY KEY,
    workspace_id   TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    name           TEXT NOT NULL,
    kind           TEXT NOT NULL,
    language       TEXT NOT NULL,
    settings       TEXT,
    sealed         BLOB,
    templates      TEXT,
    enabled        BOOLEAN NOT NULL,
    failing_since  TIMESTAMP,
    disabled_at    TIMESTAMP,
    disabled_why   TEXT NOT NULL,
    last_sent_at   TIMESTAMP,
    last_error     TEXT NOT NULL,
    created_by     TEXT NOT NULL,
    created_at     TIMESTAMP NOT NULL,
    updated_at     TIMESTAMP NOT NULL,
    version        BIGINT NOT NULL,
    UNIQUE (workspace_id, name)
);

CREATE TABLE silences (
    id             TEXT PRIMARY KEY,
    workspace_id   TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    name           TEXT NOT NULL,
    policies       TEXT,
    matcher        TEXT NOT NULL,
    time_zone      TEXT NOT NULL,
    period         TEXT NOT NULL,
    ends_at        TIMESTAMP,
    notice_before  BIGINT NOT NULL,
    notice_targets TEXT,
    noticed_for    TIMESTAMP,
    created_by     TEXT NOT NULL,
    created_at     TIMESTAMP NOT NULL,
    version        BIGINT NOT NULL
);
CREATE INDEX silences_workspace ON silences (workspace_id, ends_at);

CREATE TABLE silenced_events (
    silence_id TEXT NOT NULL REFERENCES silences (id) ON DELETE CASCADE,
    event_id   TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    PRIMARY KEY (silence_id, event_id)
) WITHOUT ROWID;
CREATE INDEX silenced_events_event ON silenced_events (event_id);

CREATE TABLE batches (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    policy_id    TEXT NOT NULL,
    rule         TEXT NOT NULL,
    reason       TEXT NOT NULL,
    key          TEXT NOT NULL,
    targets      TEXT,
    escalations  TEXT,
    due_at       TIMESTAMP NOT NULL,
    done_at      TIMESTAMP
);
CREATE UNIQUE INDEX batches_collecting ON batches (workspace_id, key) WHERE done_at IS NULL;
CREATE INDEX batches_due ON batches (due_at) WHERE done_at IS NULL;

CREATE TABLE batch_events (
    batch_id TEXT NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
    event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    PRIMARY KEY (batch_id, event_id)
) WITHOUT ROWID;
CREATE INDEX batch_events_event ON batch_events (event_id);

CREATE TABLE told (
    event_id     TEXT PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE,
    workspace_id TEXT NOT NULL,
    policy_id    TEXT NOT NULL,
    rule         TEXT NOT NULL,
    key          TEXT NOT NULL,
    targets      TEXT,
    levels       TEXT,
    at           TIMESTAMP NOT NULL,
    ended        BOOLEAN NOT NULL
);
CREATE INDEX told_key ON told (workspace_id, key);

CREATE TABLE notices (
    id            TEXT PRIMARY KEY,
    workspace_id  TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    batch_id      TEXT NOT NULL,
    policy_id     TEXT NOT NULL,
    policy        TEXT NOT NULL,
    target_id     TEXT NOT NULL,
    target        TEXT NOT NULL,
    kind          TEXT NOT NULL,
    reason        TEXT NOT NULL,
    level         TEXT NOT NULL,
    title         TEXT NOT NULL,
    event_id      TEXT NOT NULL,
    events        INTEGER NOT NULL,
    content       TEXT,
    status        TEXT NOT NULL,
    tries         INTEGER NOT NULL,
    answer        TEXT NOT NULL,
    answer_status INTEGER NOT NULL,
    error         TEXT NOT NULL,
    created_at    TIMESTAMP NOT NULL,
    tried_at      TIMESTAMP,
    next_try_at   TIMESTAMP,
    ended_at      TIMESTAMP
);
CREATE INDEX notices_workspace ON notices (workspace_id, id);
CREATE INDEX notices_target ON notices (target_id, tried_at);
CREATE INDEX notices_waiting ON notices (target_id, id) WHERE status IN ('pending', 'sending');
CREATE INDEX notices_due ON notices (next_try_at) WHERE status IN ('pending', 'sending');

CREATE TABLE notice_events (
    notice_id TEXT NOT NULL REFERENCES notices (id) ON DELETE CASCADE,
    event_id  TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    PRIMARY KEY (notice_id, event_id)
) WITHOUT ROWID;
CREATE INDEX notice_events_event ON notice_events (event_id, notice_id);
