-- The public portal: what the operator writes, maintenance, readiness of municipalities, usage.

-- Firms that set up offices (導入支援事業者), and whose accounts there are.
CREATE TABLE supporter (
  supporter_id TEXT NOT NULL,
  name TEXT NOT NULL,
  phone TEXT,
  PRIMARY KEY (supporter_id)
);
ALTER TABLE account ADD COLUMN supporter_id TEXT;

-- Articles of the portal, every saving a version. Shown is the newest version that is no draft and whose first moment has come.
CREATE TABLE portal_version (
  article_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  kind TEXT NOT NULL,
  topic TEXT NOT NULL,
  state TEXT NOT NULL,
  show_from TEXT NOT NULL,
  place INTEGER NOT NULL,
  title TEXT NOT NULL,
  summary TEXT NOT NULL,
  body TEXT NOT NULL,
  keywords TEXT NOT NULL,
  saved_at TEXT NOT NULL,
  saved_by TEXT NOT NULL,
  account_id TEXT NOT NULL,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (article_id, version)
);
CREATE UNIQUE INDEX portal_version_key ON portal_version (submit_key);
CREATE INDEX portal_version_kind ON portal_version (kind, show_from);

-- Maintenance of the service, every saving a version; the newest counts.
CREATE TABLE portal_maintenance (
  maintenance_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  starts_at TEXT NOT NULL,
  ends_at TEXT NOT NULL,
  title TEXT NOT NULL,
  effect TEXT NOT NULL,
  saved_at TEXT NOT NULL,
  saved_by TEXT NOT NULL,
  account_id TEXT NOT NULL,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (maintenance_id, version)
);
CREATE UNIQUE INDEX portal_maintenance_key ON portal_maintenance (submit_key);

-- What is published of each municipality, and how it came to be.
CREATE TABLE readiness (
  code TEXT NOT NULL,
  state TEXT NOT NULL,
  starts_on TEXT,
  items TEXT NOT NULL,
  note TEXT NOT NULL,
  origin TEXT NOT NULL,
  changed_at TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  PRIMARY KEY (code)
);
CREATE TABLE readiness_change (
  code TEXT NOT NULL,
  change_id TEXT NOT NULL,
  state TEXT NOT NULL,
  starts_on TEXT,
  items TEXT NOT NULL,
  note TEXT NOT NULL,
  origin TEXT NOT NULL,
  changed_at TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  account_id TEXT NOT NULL,
  submit_key TEXT NOT NULL,
  PRIMARY KEY (code, change_id)
);
CREATE UNIQUE INDEX readiness_change_key ON readiness_change (code, submit_key);

-- Use of the exchange by area and month: counts, no name. Made anew each day by a job.
CREATE TABLE usage_run (
  month TEXT NOT NULL,
  computed_at TEXT NOT NULL,
  computed_on TEXT NOT NULL,
  PRIMARY KEY (month)
);
CREATE TABLE usage_area (
  month TEXT NOT NULL,
  area TEXT NOT NULL,
  offices INTEGER NOT NULL,
  registered INTEGER NOT NULL,
  active INTEGER NOT NULL,
  pairs INTEGER NOT NULL,
  sent INTEGER NOT NULL,
  fetched INTEGER NOT NULL,
  PRIMARY KEY (month, area)
);
