-- Logins that failed: one row for a login, a minute and what was wrong, however often it was tried.
CREATE TABLE login_failure (
  minute TEXT NOT NULL,
  failure_key TEXT NOT NULL,
  owner_kind TEXT NOT NULL,
  owner_no TEXT NOT NULL,
  account_id TEXT,
  login TEXT NOT NULL,
  what TEXT NOT NULL,
  place TEXT NOT NULL,
  browser TEXT NOT NULL,
  is_spread INTEGER NOT NULL,
  times INTEGER NOT NULL,
  last_at TEXT NOT NULL,
  PRIMARY KEY (minute, failure_key)
);
CREATE INDEX login_failure_owner ON login_failure (owner_kind, owner_no, minute);

-- What was refused before anybody looked at it, by hour and kind.
CREATE TABLE refusal_count (
  hour TEXT NOT NULL,
  kind TEXT NOT NULL,
  times INTEGER NOT NULL,
  PRIMARY KEY (hour, kind)
);
