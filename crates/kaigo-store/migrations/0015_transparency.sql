-- The transparency log: a Merkle tree per insurer over commitments to the entries of access_log, and one tree over all of them
-- (log_name 'root'). Everything here is public and can be recomputed from access_log, but for the signatures.
CREATE TABLE log_tree (
  log_name TEXT NOT NULL,
  size INTEGER NOT NULL,
  rooted_size INTEGER NOT NULL,
  peaks BLOB NOT NULL,
  PRIMARY KEY (log_name)
);

CREATE TABLE log_tile (
  log_name TEXT NOT NULL,
  level INTEGER NOT NULL,
  tile_no INTEGER NOT NULL,
  hashes BLOB NOT NULL,
  PRIMARY KEY (log_name, level, tile_no)
);

-- What the leaves are hashes of: commitments; in the tree over all, the heads of the others.
CREATE TABLE log_bundle (
  log_name TEXT NOT NULL,
  bundle_no INTEGER NOT NULL,
  entries BLOB NOT NULL,
  PRIMARY KEY (log_name, bundle_no)
);

CREATE TABLE log_checkpoint (
  log_name TEXT NOT NULL,
  size INTEGER NOT NULL,
  note TEXT NOT NULL,
  made_at TEXT NOT NULL,
  PRIMARY KEY (log_name, size)
);

-- Who may sign heads beside the log, and what they signed.
CREATE TABLE log_witness (
  log_name TEXT NOT NULL,
  verifier TEXT NOT NULL,
  added_by TEXT NOT NULL,
  added_at TEXT NOT NULL,
  ended_at TEXT,
  PRIMARY KEY (log_name, verifier)
);

CREATE TABLE log_cosignature (
  log_name TEXT NOT NULL,
  size INTEGER NOT NULL,
  verifier TEXT NOT NULL,
  line TEXT NOT NULL,
  signed_at TEXT NOT NULL,
  PRIMARY KEY (log_name, size, verifier)
);
