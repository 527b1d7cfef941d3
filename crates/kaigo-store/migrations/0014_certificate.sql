-- Certificates of offices and terminals (介護DX証明書).

-- The certification authority of this installation. The key of the issuing one is sealed; that of the root is never here.
CREATE TABLE pki_authority (
  authority_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  certificate BLOB NOT NULL,
  key_sealed BLOB,
  not_after TEXT NOT NULL,
  made_at TEXT NOT NULL,
  PRIMARY KEY (authority_id)
);

-- One application for a certificate of a terminal, and the certificate that came of it.
CREATE TABLE terminal_certificate (
  office_no TEXT NOT NULL,
  certificate_id TEXT NOT NULL,
  terminal_no INTEGER NOT NULL,
  terminal_name TEXT NOT NULL,
  way TEXT NOT NULL,
  csr BLOB,
  renews TEXT,
  state TEXT NOT NULL,
  requested_at TEXT NOT NULL,
  requested_account TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  submit_key TEXT NOT NULL,
  decided_at TEXT,
  decided_by TEXT,
  reason TEXT,
  serial TEXT,
  certificate BLOB,
  not_before TEXT,
  not_after TEXT,
  delivered_at TEXT,
  delivered_by TEXT,
  revoked_at TEXT,
  revoked_by TEXT,
  revoke_reason TEXT,
  PRIMARY KEY (office_no, certificate_id)
);
CREATE UNIQUE INDEX terminal_certificate_submit ON terminal_certificate (office_no, submit_key);
CREATE UNIQUE INDEX terminal_certificate_serial ON terminal_certificate (serial) WHERE serial IS NOT NULL;
CREATE INDEX terminal_certificate_state ON terminal_certificate (state, requested_at);
CREATE INDEX terminal_certificate_end ON terminal_certificate (state, not_after);

-- Which certificate a session was opened with: it is good with that one only.
CREATE TABLE session_certificate (
  session_digest TEXT NOT NULL,
  serial TEXT NOT NULL,
  bound_at TEXT NOT NULL,
  PRIMARY KEY (session_digest)
);
CREATE INDEX session_certificate_bound ON session_certificate (bound_at);
