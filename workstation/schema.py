"""The vault's tables.

What a case holds is sealed under its case key; in clear are only random ids and counts. Whoever has the
vault key (every reviewer) can see that rows exist; what they say, only the readers of the case can. A
migration is never edited once released: add the next.
"""

from typing import Final

_FIRST: Final = """
-- inbound bundles of which something is safe here; `outbound`: the bundle that told the server that all is
CREATE TABLE bundles (
  id BLOB PRIMARY KEY CHECK (length(id) = 16),
  number INTEGER NOT NULL CHECK (number > 0),
  day TEXT NOT NULL,
  parts INTEGER NOT NULL CHECK (parts > 0),
  outbound INTEGER REFERENCES outbound (number)
) STRICT, WITHOUT ROWID;

-- the parts that are here; `manifest` is SHA-256 of the part's own
CREATE TABLE parts (
  bundle BLOB NOT NULL REFERENCES bundles (id),
  part INTEGER NOT NULL CHECK (part > 0),
  manifest BLOB NOT NULL CHECK (length(manifest) = 32),
  PRIMARY KEY (bundle, part)
) STRICT, WITHOUT ROWID;

-- slices of blobs that are larger than a part; `sha256` is the slice's own, `digest` that of the joined blob
-- once all are here
CREATE TABLE slices (
  bundle BLOB NOT NULL,
  part INTEGER NOT NULL,
  blob BLOB NOT NULL CHECK (length(blob) = 16),
  start INTEGER NOT NULL,
  size INTEGER NOT NULL,
  whole INTEGER NOT NULL,
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
  digest BLOB CHECK (length(digest) = 32),
  PRIMARY KEY (bundle, blob, part),
  FOREIGN KEY (bundle, part) REFERENCES parts (bundle, part)
) STRICT, WITHOUT ROWID;

-- outbound bundles, byte for byte; `written` once the file was safely on the stick
CREATE TABLE outbound (
  number INTEGER PRIMARY KEY CHECK (number > 0),
  id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  day TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  slots INTEGER NOT NULL,
  archive BLOB NOT NULL,
  written INTEGER NOT NULL DEFAULT 0 CHECK (written IN (0, 1))
) STRICT;

-- items that no reviewer who was here could open
CREATE TABLE sealed (
  id BLOB PRIMARY KEY CHECK (length(id) = 16),
  channel TEXT NOT NULL,
  day TEXT NOT NULL,
  item BLOB NOT NULL
) STRICT;

-- which reviewer's keys did not open a sealed item, and why
CREATE TABLE tries (
  item BLOB NOT NULL REFERENCES sealed (id) ON DELETE CASCADE,
  reviewer TEXT NOT NULL,
  problem TEXT NOT NULL,
  PRIMARY KEY (item, reviewer)
) STRICT, WITHOUT ROWID;

-- `thread` cannot be computed without the codename's public key, which is only inside sealed things
CREATE TABLE cases (
  number INTEGER PRIMARY KEY,
  thread BLOB NOT NULL UNIQUE CHECK (length(thread) = 16),
  head BLOB NOT NULL
) STRICT;

-- the case key, sealed to each permitted reader; `seen`: messages that this reader has been shown
CREATE TABLE readers (
  "case" INTEGER NOT NULL REFERENCES cases (number) ON DELETE CASCADE,
  reviewer TEXT NOT NULL,
  wrapped BLOB NOT NULL,
  seen INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY ("case", reviewer)
) STRICT, WITHOUT ROWID;

-- `document`: the signed message as it came; `meta`: what the station adds
CREATE TABLE messages (
  item BLOB PRIMARY KEY CHECK (length(item) = 16),
  "case" INTEGER NOT NULL REFERENCES cases (number) ON DELETE CASCADE,
  meta BLOB NOT NULL,
  document BLOB NOT NULL
) STRICT;
CREATE INDEX messages_of_case ON messages ("case");

CREATE TABLE replies (
  "case" INTEGER NOT NULL REFERENCES cases (number) ON DELETE CASCADE,
  number INTEGER NOT NULL CHECK (number > 0),
  body BLOB NOT NULL,
  PRIMARY KEY ("case", number)
) STRICT, WITHOUT ROWID;

-- reply slots, already sealed to a codename; only the reply's body knows the token
CREATE TABLE outbox (
  token BLOB PRIMARY KEY CHECK (length(token) = 16),
  slot BLOB CHECK (length(slot) = 4128),
  outbound INTEGER REFERENCES outbound (number),
  CHECK ((slot IS NULL) = (outbound IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- what waits for other offices of the server (dispatch.py): an item, already sealed, and the sealed blobs
-- that it tells of; gone once a bundle took it
CREATE TABLE packages (
  id BLOB PRIMARY KEY CHECK (length(id) = 16),
  office TEXT NOT NULL,
  channel TEXT NOT NULL,
  item BLOB NOT NULL
) STRICT;

CREATE TABLE enclosures (
  id BLOB PRIMARY KEY CHECK (length(id) = 16),
  package BLOB NOT NULL REFERENCES packages (id) ON DELETE CASCADE,
  blob BLOB NOT NULL
) STRICT;

-- evidence as it came, still sealed, in evidence/<hex of digest>; `digest` is SHA-256 of that file
CREATE TABLE blobs (
  id BLOB NOT NULL CHECK (length(id) = 16),
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  size INTEGER NOT NULL,
  PRIMARY KEY (id, digest)
) STRICT, WITHOUT ROWID;

-- the different words of a case, for the search (searching.py)
CREATE TABLE words (
  "case" INTEGER NOT NULL REFERENCES cases (number) ON DELETE CASCADE,
  number INTEGER NOT NULL CHECK (number > 0),
  words BLOB NOT NULL,
  PRIMARY KEY ("case", number)
) STRICT, WITHOUT ROWID;

-- what reviewers write for themselves; nothing of it ever leaves the station
CREATE TABLE notes (
  "case" INTEGER NOT NULL REFERENCES cases (number) ON DELETE CASCADE,
  number INTEGER NOT NULL CHECK (number > 0),
  body BLOB NOT NULL,
  PRIMARY KEY ("case", number)
) STRICT, WITHOUT ROWID;

-- what was done with a case (casework/journal.py)
CREATE TABLE steps (
  "case" INTEGER NOT NULL REFERENCES cases (number) ON DELETE CASCADE,
  number INTEGER NOT NULL CHECK (number > 0),
  body BLOB NOT NULL,
  PRIMARY KEY ("case", number)
) STRICT, WITHOUT ROWID;

-- who did what (stationlog.py); of what was done in a case, `subject` is a commitment that says nothing
CREATE TABLE log (
  number INTEGER PRIMARY KEY,
  day TEXT NOT NULL,
  actor TEXT NOT NULL,
  act TEXT NOT NULL,
  subject TEXT NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE UNIQUE INDEX commitments ON log (subject) WHERE act = 'case';
CREATE TRIGGER log_stays BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
CREATE TRIGGER log_is_kept BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
CREATE TRIGGER log_has_no_gap BEFORE INSERT ON log
WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM log)
BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;

-- what opens the commitments of a case (caselog.py); nothing in clear says which entry a row belongs to
CREATE TABLE openings (
  id BLOB PRIMARY KEY CHECK (length(id) = 16),
  "case" INTEGER NOT NULL REFERENCES cases (number) ON DELETE CASCADE,
  opening BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX openings_of_case ON openings ("case");

-- the registry of offices (offices/registry.py): titles of roles, never people; `details` is canonical JSON,
-- `directory` the signed key directory as it came, empty if none is known
CREATE TABLE offices (
  id TEXT PRIMARY KEY,
  details BLOB NOT NULL,
  directory BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- signed certificates of destruction (keeping/certificate.py): case numbers and counts of what is gone
CREATE TABLE certificates (
  number INTEGER PRIMARY KEY CHECK (number > 0),
  document BLOB NOT NULL
) STRICT;

-- public statistics (recap/statistics.py): the signed document of each period, made once and kept as it is;
-- `outbound`: the bundle that took it
CREATE TABLE publications (
  period TEXT PRIMARY KEY,
  document BLOB NOT NULL,
  outbound INTEGER REFERENCES outbound (number)
) STRICT, WITHOUT ROWID;

-- a count of each erased case, for each of its readers sealed to them (recap/tally.py): says not whose it is
CREATE TABLE tallies (
  id BLOB PRIMARY KEY CHECK (length(id) = 16),
  sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- what the office has decided for this station (settings.py); `value` is canonical JSON
CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
"""

MIGRATIONS: Final = (_FIRST,)
"""Migration n takes `user_version` from n to n + 1."""
