CREATE TABLE decisions (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  tenant TEXT NOT NULL,
  at INTEGER NOT NULL,
  tool TEXT NOT NULL,
  session TEXT NOT NULL,
  agent TEXT NOT NULL,
  user TEXT NOT NULL,
  environment TEXT NOT NULL,
  mode TEXT NOT NULL,
  decision TEXT NOT NULL,
  code TEXT,
  reason TEXT,
  rules TEXT NOT NULL,
  risk REAL,
  latency_ms REAL NOT NULL,
  action TEXT,
  hold TEXT
);
CREATE INDEX decisions_by_time ON decisions (at);
CREATE INDEX decisions_by_session ON decisions (tenant, session, seq);

CREATE TABLE holds (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  token_hash BLOB NOT NULL UNIQUE,
  tenant TEXT NOT NULL,
  state TEXT NOT NULL,
  tool TEXT NOT NULL,
  arguments TEXT NOT NULL,
  arguments_to_run TEXT,
  arguments_hash TEXT NOT NULL,
  session TEXT NOT NULL,
  agent TEXT NOT NULL,
  user TEXT NOT NULL,
  environment TEXT NOT NULL,
  intent TEXT,
  purpose TEXT,
  history TEXT NOT NULL,
  verdict TEXT NOT NULL,
  decision_id TEXT NOT NULL,
  action TEXT,
  trace TEXT,
  held_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  decided_at INTEGER,
  approver TEXT,
  answer TEXT,
  delivered_at INTEGER
);
CREATE INDEX holds_by_state ON holds (state, expires_at);
CREATE INDEX holds_by_tenant ON holds (tenant, state, seq);

CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  event_id TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  occurred_at INTEGER NOT NULL,
  type TEXT NOT NULL,
  phase TEXT,
  tool TEXT,
  session TEXT NOT NULL,
  agent TEXT,
  user TEXT,
  decision TEXT,
  code TEXT,
  duration_ms REAL,
  action TEXT,
  json TEXT NOT NULL,
  UNIQUE (tenant, event_id)
);
CREATE INDEX events_by_time ON events (received_at);
CREATE INDEX events_by_session ON events (tenant, session, seq);

INSERT INTO holds (id, token_hash, tenant, state, tool, arguments, arguments_hash, session, agent, user, environment, history, verdict, decision_id, held_at, expires_at)
VALUES ('hold_1', x'00', 'local', 'Pending', 'refund', '{}', '00', 's', 'bot', 'ada', 'prod', '[]',
  '{"decision":"STEP_UP","authorization_decision":"STEP_UP"}', '1', 0, 4102444800000);
PRAGMA user_version = 1;
