-- The public portal: what the operator writes, maintenance, readiness of municipalities, usage.

-- Firms that set up offices (導入支援事業者), and whose accounts there are.
CREATE TABLE supporter (
  supporter_id TEXT NOT NULL,
  name TEXT NOT NULL,
  phone TEXT,
  PRIMARY KEY (supporter_id)
);
ALTER TABLE account ADD COLUMN supporter_id TEXT;
