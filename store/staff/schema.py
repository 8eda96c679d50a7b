"""The tables of staff.db. Nothing is finer than a day; docs/privacy-ledger.md lists the fields.

Every table is WITHOUT ROWID: a row number would count arrivals.
"""

from typing import Final

_FIRST: Final = """
-- Without a passphrase: invited, and nobody can sign in by this name yet (or any more).
CREATE TABLE account (
  office TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('reviewer', 'administrator', 'operator', 'monitor')),
  passphrase TEXT,
  totp TEXT,
  mark BLOB,
  PRIMARY KEY (office, name),
  CHECK ((passphrase IS NULL) = (totp IS NULL))
) STRICT, WITHOUT ROWID;

-- At most one for each account: a new one ends the one before. What was chosen so far waits here.
CREATE TABLE invitation (
  office TEXT NOT NULL,
  name TEXT NOT NULL,
  code BLOB NOT NULL UNIQUE CHECK (length(code) = 32),
  until TEXT NOT NULL,
  passphrase TEXT,
  totp TEXT,
  PRIMARY KEY (office, name),
  FOREIGN KEY (office, name) REFERENCES account ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE recovery (
  office TEXT NOT NULL,
  name TEXT NOT NULL,
  code BLOB NOT NULL CHECK (length(code) = 32),
  PRIMARY KEY (office, name, code),
  FOREIGN KEY (office, name) REFERENCES account ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  token BLOB PRIMARY KEY CHECK (length(token) = 32),
  office TEXT NOT NULL,
  name TEXT NOT NULL,
  day TEXT NOT NULL,
  FOREIGN KEY (office, name) REFERENCES account ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Browsers in which somebody has signed in before: strangers cannot use up their attempts.
CREATE TABLE browser (
  token BLOB PRIMARY KEY CHECK (length(token) = 32),
  office TEXT NOT NULL,
  name TEXT NOT NULL,
  day TEXT NOT NULL,
  FOREIGN KEY (office, name) REFERENCES account ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- A day's attempts by whoever held one of two factors (store/staff/attempts.py).
CREATE TABLE attempt (
  office TEXT NOT NULL,
  name TEXT NOT NULL,
  lane BLOB NOT NULL,
  day TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (office, name, lane)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbound (
  office TEXT NOT NULL,
  bundle BLOB NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (office, bundle)
) STRICT, WITHOUT ROWID;

-- What an office's administrators decided. Without a row: the default deadline, and retention for ever.
CREATE TABLE deadline (
  office TEXT NOT NULL PRIMARY KEY,
  days INTEGER NOT NULL CHECK (days BETWEEN 1 AND 60),
  kind TEXT NOT NULL CHECK (kind IN ('working', 'calendar'))
) STRICT, WITHOUT ROWID;

CREATE TABLE retention (
  office TEXT NOT NULL PRIMARY KEY,
  days INTEGER NOT NULL CHECK (days BETWEEN 30 AND 365)
) STRICT, WITHOUT ROWID;
"""

_LOG: Final = """
-- One chain for each office, and one for the server (office ''). The hash binds an entry to all before it.
CREATE TABLE log (
  office TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  actor TEXT NOT NULL,
  act TEXT NOT NULL,
  subject TEXT NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (office, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX log_day ON log (office, day, actor, act, subject);

CREATE TRIGGER log_stays BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
CREATE TRIGGER log_is_kept BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;

-- Also REPLACE is refused by it.
CREATE TRIGGER log_has_no_gap BEFORE INSERT ON log
WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM log WHERE office = NEW.office)
BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
"""

STAFF: Final = (_FIRST, _LOG)
"""The migrations of `staff.db`, in order; never changed once released, only added to."""
