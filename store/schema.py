"""The inbox database's tables. Nothing is finer than a day, and no column or key tells an order within one.

Every table is WITHOUT ROWID: a row number would count arrivals. docs/privacy-ledger.md lists the fields.
"""

from typing import Final

_FIRST: Final = """
CREATE TABLE bundle (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  office TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  day TEXT NOT NULL,
  entries INTEGER NOT NULL CHECK (entries > 0),
  size INTEGER NOT NULL CHECK (size > 0),
  leaves TEXT,
  checked TEXT,
  UNIQUE (office, number)
) STRICT, WITHOUT ROWID;

-- Parts of a bundle that were handed over to their last byte, and of how many (store/retention.py).
CREATE TABLE fetched (
  bundle BLOB NOT NULL REFERENCES bundle (id) ON DELETE CASCADE,
  part INTEGER NOT NULL,
  parts INTEGER NOT NULL,
  day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  PRIMARY KEY (bundle, part)
) STRICT, WITHOUT ROWID;

-- The number of the last bundle of an office outlives the bundle: numbers only rise.
CREATE TABLE last_bundle (
  office TEXT NOT NULL PRIMARY KEY,
  number INTEGER NOT NULL CHECK (number > 0)
) STRICT, WITHOUT ROWID;

-- A sealed item, or the record of a complete blob, which has no channel. `bundle` is NULL until it was put
-- into one. `class` is not stored, only computed.
CREATE TABLE item (
  office TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('item', 'blob')),
  id BLOB NOT NULL CHECK (length(id) = 16),
  channel TEXT NOT NULL,
  day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  size INTEGER NOT NULL CHECK (size > 0),
  deletion BLOB NOT NULL CHECK (length(deletion) = 32),
  bundle BLOB REFERENCES bundle (id),
  class TEXT NOT NULL AS (CASE WHEN size < 1048576 THEN 'small' WHEN size < 104857600 THEN 'medium'
    ELSE 'large' END) VIRTUAL,
  PRIMARY KEY (office, kind, id),
  CHECK ((kind = 'item') = (channel <> ''))
) STRICT, WITHOUT ROWID;

CREATE INDEX item_new ON item (office, kind, channel, class, day, id) WHERE bundle IS NULL;
CREATE INDEX item_bundle ON item (bundle, day);

-- The ciphertext of an item lies apart, so that listing and bundling never touch it.
CREATE TABLE body (
  office TEXT NOT NULL,
  id BLOB NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (office, id)
) STRICT, WITHOUT ROWID;

-- Files of erased blobs that are still to be removed; empty but for a moment.
CREATE TABLE doomed (
  office TEXT NOT NULL,
  id BLOB NOT NULL,
  PRIMARY KEY (office, id)
) STRICT, WITHOUT ROWID;

-- What the board shows: replies and dummies alike. The hint is random and names the slot.
CREATE TABLE slot (
  hint BLOB NOT NULL PRIMARY KEY CHECK (length(hint) = 32),
  body BLOB NOT NULL CHECK (length(body) = 4096),
  expires TEXT NOT NULL CHECK (expires GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')
) STRICT, WITHOUT ROWID;
"""

_ERASING: Final = """
-- Finds what a reporter wants erased. What is in a bundle is no longer theirs to erase, and not in it.
CREATE INDEX item_deletion ON item (office, deletion) WHERE bundle IS NULL;

-- Whoever deletes an item deletes all of it.
CREATE TRIGGER item_gone AFTER DELETE ON item WHEN OLD.kind = 'item' BEGIN
  DELETE FROM body WHERE office = OLD.office AND id = OLD.id;
END;

CREATE TRIGGER blob_gone AFTER DELETE ON item WHEN OLD.kind = 'blob' BEGIN
  INSERT OR IGNORE INTO doomed VALUES (OLD.office, OLD.id);
END;
"""

_TALLY: Final = """
-- How much waits of each sort on each day: no page has to count it. The triggers keep it.
CREATE TABLE tally (
  office TEXT NOT NULL,
  day TEXT NOT NULL,
  kind TEXT NOT NULL,
  channel TEXT NOT NULL,
  class TEXT NOT NULL,
  count INTEGER NOT NULL CHECK (count >= 0),
  size INTEGER NOT NULL,
  PRIMARY KEY (office, day, kind, channel, class)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER tally_up AFTER INSERT ON item BEGIN
  INSERT INTO tally VALUES (NEW.office, NEW.day, NEW.kind, NEW.channel, NEW.class, 1, NEW.size)
  ON CONFLICT (office, day, kind, channel, class) DO UPDATE SET count = count + 1, size = size + NEW.size;
END;

CREATE TRIGGER tally_down AFTER DELETE ON item WHEN OLD.bundle IS NULL BEGIN
  UPDATE tally SET count = count - 1, size = size - OLD.size WHERE office = OLD.office AND day = OLD.day
    AND kind = OLD.kind AND channel = OLD.channel AND class = OLD.class;
  DELETE FROM tally WHERE office = OLD.office AND day = OLD.day AND count = 0;
END;

CREATE TRIGGER tally_bundled AFTER UPDATE OF bundle ON item WHEN OLD.bundle IS NULL BEGIN
  UPDATE tally SET count = count - 1, size = size - OLD.size WHERE office = OLD.office AND day = OLD.day
    AND kind = OLD.kind AND channel = OLD.channel AND class = OLD.class;
  DELETE FROM tally WHERE office = OLD.office AND day = OLD.day AND count = 0;
END;
"""

INBOX: Final = (_FIRST, _ERASING, _TALLY)
"""The migrations of `inbox.db`, in order; never changed once released, only added to."""
