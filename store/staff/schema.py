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
"""

STAFF: Final = (_FIRST,)
"""The migrations of `staff.db`, in order; never changed once released, only added to."""
