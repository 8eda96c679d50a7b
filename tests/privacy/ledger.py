"""Reads docs/privacy-ledger.md, and what a server really keeps, in the same terms."""

import re
from pathlib import Path

from store.database import Database

LEDGER = Path(__file__).parents[2] / "docs" / "privacy-ledger.md"

_ROW = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)
_NAMES = (
    (
        re.compile(r"^blobs/(?:relayed/)?incoming/\d{4}-\d\d-\d\d/[a-z0-9-]+/[0-9a-f]{32}-\d+/whole$"),
        "blobs/incoming/<day>/<office>/<id>-<n>/whole",
    ),
    (
        re.compile(r"^blobs/(?:relayed/)?incoming/\d{4}-\d\d-\d\d/[a-z0-9-]+/[0-9a-f]{32}-\d+/have$"),
        "blobs/incoming/<day>/<office>/<id>-<n>/have",
    ),
    (re.compile(r"^blobs/(?:relayed/)?blanks/\d{4}-\d\d-\d\d/[0-9a-f]{32}$"), "blobs/blanks/<day>/<id>"),
    (re.compile(r"^blobs/(?:relayed/)?spent/\d{4}-\d\d-\d\d$"), "blobs/spent/<day>"),
    (re.compile(r"^blobs/done/[a-z0-9-]+/[0-9a-f]{32}$"), "blobs/done/<office>/<id>"),
    (re.compile(r"^imports/[a-z0-9-]+/\d{4}-\d\d-\d\d$"), "imports/<office>/<day>"),
    (
        re.compile(r"^public/statistics/[a-z0-9-]+/\d{4}(-Q[1-4])?$"),
        "public/statistics/<office>/<period>",
    ),
    (re.compile(r"^public/pages/(id|en)/index\.html$"), "public/pages/<language>/index.html"),
    (re.compile(r"^public/pages/assets/[a-z]+-[0-9a-f]{16}\.(js|css|txt)$"), "public/pages/assets/<asset>"),
    (re.compile(r"^public/board/[0-9a-f]{32}/index$"), "public/board/<id>/index"),
    (re.compile(r"^public/board/[0-9a-f]{32}/\d+$"), "public/board/<id>/<n>"),
    (
        re.compile(r"^public/directory/[a-z0-9-]+/\d+-[0-9a-f]{16}/directory$"),
        "public/directory/<office>/<edition>/directory",
    ),
    (
        re.compile(r"^public/directory/[a-z0-9-]+/\d+-[0-9a-f]{16}/slices/\d+$"),
        "public/directory/<office>/<edition>/slices/<n>",
    ),
    (re.compile(r"^public/directory/[a-z0-9-]+/current$"), "public/directory/<office>/current"),
)


def listed() -> set[str]:
    """Every field and file that the ledger has a row for."""
    rows = _ROW.findall(LEDGER.read_text("utf-8"))
    assert len(rows) == len(set(rows)), "a row stands twice"
    return set(rows)


def fields(name: str, database: Database) -> set[str]:
    """`name.table.column` of every column in a live database, SQLite's own tables left out."""
    with database.read() as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        return {
            f"{name}.{table}.{column}"
            for (table,) in tables
            for (column,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
        }


def files(folder: Path) -> set[str]:
    """Every file below a server's data folder, its variable parts named as in the ledger."""
    paths = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if not path.is_dir() or path.is_symlink()
    }
    return {_general(path) for path in paths}


def _general(path: str) -> str:
    return next((name for pattern, name in _NAMES if pattern.match(path)), path)
