-- The inbox on a PostgreSQL server (15 or newer): roles, tables, rights. For psql, as a superuser, in a database
-- of its own; docs/scale-out.md. All of it or nothing.
--
-- The tables and columns are those of store/schema.py, and so are the statements (store/postgres/database.py).
-- No column, key or default tells a time or an order. What PostgreSQL itself keeps (the place of a row, its
-- transaction's number, its log) tells the order of arrival until `compact`.
\set ON_ERROR_STOP on
BEGIN;

-- peluit_owner owns everything and cannot sign in. The others are what the programs are signed in as.
DO $$
DECLARE
  role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['peluit_owner', 'peluit_source', 'peluit_eraser', 'peluit_office'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
      EXECUTE format('CREATE ROLE %I', role);
    END IF;
  END LOOP;
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO peluit_owner', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO peluit_source, peluit_eraser, peluit_office',
    current_database());
END $$;
ALTER ROLE peluit_source LOGIN;
ALTER ROLE peluit_eraser LOGIN;
ALTER ROLE peluit_office LOGIN;
-- For `rewrite`: the server's log is begun anew.
GRANT pg_checkpoint TO peluit_owner;
GRANT EXECUTE ON FUNCTION pg_switch_wal() TO peluit_owner;

CREATE SCHEMA peluit AUTHORIZATION peluit_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA peluit TO peluit_source, peluit_eraser, peluit_office;
SET LOCAL ROLE peluit_owner;
SET LOCAL search_path = peluit, pg_temp;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC;

CREATE DOMAIN label AS text COLLATE "C";
CREATE DOMAIN day AS text COLLATE "C" CHECK (VALUE ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$');

CREATE TABLE bundle (
  id bytea NOT NULL PRIMARY KEY CHECK (octet_length(id) = 16),
  office label NOT NULL,
  number bigint NOT NULL CHECK (number > 0),
  day day NOT NULL,
  entries bigint NOT NULL CHECK (entries > 0),
  size bigint NOT NULL CHECK (size > 0),
  leaves day,
  checked day,
  UNIQUE (office, number)
);

CREATE TABLE fetched (
  bundle bytea NOT NULL REFERENCES bundle (id) ON DELETE CASCADE,
  part bigint NOT NULL,
  parts bigint NOT NULL,
  day day NOT NULL,
  PRIMARY KEY (bundle, part)
);

CREATE TABLE last_bundle (
  office label NOT NULL PRIMARY KEY,
  number bigint NOT NULL CHECK (number > 0)
);

CREATE TABLE item (
  office label NOT NULL,
  kind label NOT NULL CHECK (kind IN ('item', 'blob')),
  id bytea NOT NULL CHECK (octet_length(id) = 16),
  channel label NOT NULL,
  day day NOT NULL,
  size bigint NOT NULL CHECK (size > 0),
  deletion bytea NOT NULL CHECK (octet_length(deletion) = 32),
  bundle bytea REFERENCES bundle (id),
  class label NOT NULL GENERATED ALWAYS AS (CASE WHEN size < 1048576 THEN 'small' WHEN size < 104857600 THEN 'medium'
    ELSE 'large' END) STORED,
  PRIMARY KEY (office, kind, id),
  CHECK ((kind = 'item') = (channel <> ''))
);
CREATE INDEX item_new ON item (office, kind, channel, class, day, id) WHERE bundle IS NULL;
CREATE INDEX item_bundle ON item (bundle, day);
CREATE INDEX item_deletion ON item (office, deletion) WHERE bundle IS NULL;

CREATE TABLE body (
  office label NOT NULL,
  id bytea NOT NULL,
  data bytea NOT NULL,
  PRIMARY KEY (office, id)
);

CREATE TABLE doomed (
  office label NOT NULL,
  id bytea NOT NULL,
  PRIMARY KEY (office, id)
);

CREATE TABLE slot (
  hint bytea NOT NULL PRIMARY KEY CHECK (octet_length(hint) = 32),
  body bytea NOT NULL CHECK (octet_length(body) = 4096),
  expires day NOT NULL
);

-- Has its one row from the moment when something is deleted until no trace of it is left.
CREATE TABLE pending (
  erasure boolean NOT NULL PRIMARY KEY CHECK (erasure)
);

-- Counted when asked for: counters would be rows that everybody waits for, and their old versions a diary.
CREATE VIEW tally AS
SELECT office, day, kind, channel, class, count(*) AS count, CAST(sum(size) AS bigint) AS size
FROM item WHERE bundle IS NULL GROUP BY office, day, kind, channel, class;

-- Ciphertext cannot be compressed. Statistics would keep samples of ids and hashes, also of what is erased;
-- `rewrite` does what vacuuming would.
DO $$
DECLARE
  its record;
BEGIN
  FOR its IN SELECT oid::regclass AS name FROM pg_class WHERE relnamespace = 'peluit'::regnamespace AND relkind = 'r' LOOP
    EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = false, toast.autovacuum_enabled = false)', its.name);
  END LOOP;
  FOR its IN SELECT attrelid::regclass AS name, attname AS field FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'peluit'::regnamespace AND relkind = 'r' AND attnum > 0 LOOP
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS 0', its.name, its.field);
  END LOOP;
END $$;
ALTER TABLE body ALTER COLUMN data SET STORAGE EXTERNAL;
ALTER TABLE slot ALTER COLUMN body SET STORAGE EXTERNAL;

-- Whoever deletes an item deletes all of it.
CREATE FUNCTION thing_gone() RETURNS trigger LANGUAGE plpgsql SET search_path = peluit, pg_temp AS $$
BEGIN
  IF OLD.kind = 'item' THEN
    DELETE FROM body WHERE office = OLD.office AND id = OLD.id;
  ELSE
    INSERT INTO doomed VALUES (OLD.office, OLD.id) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER thing_gone AFTER DELETE ON item FOR EACH ROW EXECUTE FUNCTION thing_gone();

CREATE FUNCTION leaves_traces() RETURNS trigger LANGUAGE plpgsql SET search_path = peluit, pg_temp AS $$
BEGIN
  INSERT INTO pending VALUES (true) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER leaves_traces AFTER DELETE ON item FOR EACH ROW EXECUTE FUNCTION leaves_traces();
CREATE TRIGGER leaves_traces AFTER DELETE ON bundle FOR EACH ROW EXECUTE FUNCTION leaves_traces();
CREATE TRIGGER leaves_traces AFTER DELETE ON doomed FOR EACH ROW EXECUTE FUNCTION leaves_traces();
CREATE TRIGGER leaves_traces AFTER DELETE ON slot FOR EACH ROW EXECUTE FUNCTION leaves_traces();

-- Writes every table into new files in the order of its random keys, in one transaction, so that neither the
-- places of rows nor their transactions' numbers tell who came first, and no old version is left; then begins
-- the server's log anew. (CLUSTER and VACUUM FULL would keep the numbers.)
CREATE FUNCTION rewrite() RETURNS void LANGUAGE plpgsql SET search_path = peluit, pg_temp AS $$
DECLARE
  its record;
BEGIN
  FOR its IN SELECT * FROM kept_tables() LOOP
    EXECUTE format('CREATE TEMPORARY TABLE %I ON COMMIT DROP AS SELECT %s FROM peluit.%I', 'kept_' || its.name,
      its.fields, its.name);
  END LOOP;
  TRUNCATE item, body, bundle, fetched, last_bundle, doomed, slot, pending;
  FOR its IN SELECT * FROM kept_tables() LOOP
    EXECUTE format('INSERT INTO peluit.%I (%s) SELECT %s FROM pg_temp.%I ORDER BY %s', its.name, its.fields,
      its.fields, 'kept_' || its.name, its.key);
  END LOOP;
  PERFORM pg_switch_wal();
  CHECKPOINT;
END $$;

CREATE FUNCTION kept_tables() RETURNS TABLE (name text, key text, fields text)
LANGUAGE sql IMMUTABLE AS $$
  VALUES
    ('bundle', 'id', 'id, office, number, day, entries, size, leaves, checked'),
    ('fetched', 'bundle, part', 'bundle, part, parts, day'),
    ('last_bundle', 'office', 'office, number'),
    ('item', 'office, kind, id', 'office, kind, id, channel, day, size, deletion, bundle'),
    ('body', 'office, id', 'office, id, data'),
    ('doomed', 'office, id', 'office, id'),
    ('slot', 'hint', 'hint, body, expires')
$$;

-- The verbs of the eraser, who has no right to any table.

CREATE FUNCTION erase(its_office text, deletions bytea[]) RETURNS bigint LANGUAGE sql SECURITY DEFINER
SET search_path = peluit, pg_temp SET enable_seqscan = off AS $$
  WITH erased AS (
    DELETE FROM item WHERE office = its_office AND bundle IS NULL AND deletion = ANY (deletions) RETURNING 1
  )
  SELECT count(*) FROM erased
$$;

-- The blobs whose files are to be removed; until the transaction ends, no blob is recorded.
CREATE FUNCTION removable() RETURNS TABLE (its_office text, its_id bytea) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = peluit, pg_temp AS $$
BEGIN
  LOCK TABLE item IN SHARE ROW EXCLUSIVE MODE;
  RETURN QUERY SELECT CAST(office AS text), id FROM doomed
    WHERE NOT EXISTS (SELECT FROM item WHERE office = doomed.office AND kind = 'blob' AND id = doomed.id);
END $$;

-- In the transaction of `removable`, once they are removed.
CREATE FUNCTION removed() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = peluit, pg_temp AS $$
  DELETE FROM doomed
$$;

CREATE FUNCTION compact() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = peluit, pg_temp AS $$
BEGIN
  LOCK TABLE item, body, bundle, fetched, last_bundle, doomed, slot, pending IN ACCESS EXCLUSIVE MODE;
  PERFORM rewrite();
END $$;

-- Those who wait for one of the following at the same time share one rewriting.

CREATE FUNCTION end_erasures() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = peluit, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM pending) THEN
    LOCK TABLE item, body, bundle, fetched, last_bundle, doomed, slot, pending IN ACCESS EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM pending) THEN
      PERFORM rewrite();
    END IF;
  END IF;
END $$;

CREATE FUNCTION tidy() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = peluit, pg_temp AS $$
BEGIN
  IF is_untidy() THEN
    LOCK TABLE item, body, bundle, fetched, last_bundle, doomed, slot, pending IN ACCESS EXCLUSIVE MODE;
    IF is_untidy() THEN
      PERFORM rewrite();
    END IF;
  END IF;
END $$;

-- Whether there are traces, or rows of more than one transaction: after a rewriting all are of that one.
CREATE FUNCTION is_untidy() RETURNS boolean LANGUAGE sql SET search_path = peluit, pg_temp AS $$
  SELECT EXISTS (SELECT FROM pending) OR 1 < (SELECT count(DISTINCT CAST(number AS text)) FROM (
    SELECT xmin AS number FROM bundle UNION ALL SELECT xmin FROM fetched UNION ALL SELECT xmin FROM last_bundle
    UNION ALL SELECT xmin FROM item UNION ALL SELECT xmin FROM body UNION ALL SELECT xmin FROM doomed
    UNION ALL SELECT xmin FROM slot) AS rows)
$$;

-- The two functions of SQLite's that the shared statements use.

CREATE FUNCTION json_each(list text) RETURNS TABLE (value text) LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_array_elements_text(CAST(list AS jsonb))
$$;
CREATE FUNCTION unhex(digits text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$ SELECT decode(digits, 'hex') $$;

-- What each may do.

GRANT INSERT (office, kind, id, channel, day, size, deletion) ON item TO peluit_source;
GRANT INSERT ON body TO peluit_source;

GRANT EXECUTE ON FUNCTION erase, removable, removed, end_erasures, tidy TO peluit_eraser;

GRANT SELECT, INSERT, UPDATE, DELETE ON bundle, fetched, last_bundle, item, body, doomed, slot TO peluit_office;
GRANT INSERT ON pending TO peluit_office;
GRANT SELECT ON tally TO peluit_office;
GRANT EXECUTE ON FUNCTION compact, end_erasures, json_each(text), unhex TO peluit_office;

COMMIT;
