"""What the office finds: every evidence item opened with a reviewer's key, every file with what it says."""

from dataclasses import dataclass, field

from crypto.item import Context
from crypto.message import Evidence
from crypto.open.blob import open_blob
from crypto.open.item import open_message
from store import keyfile
from store.layout import Layout
from store.reader import InboxReader, open_inbox
from tests.store.installation import CHANNEL, INSTANCE, KEYS, OFFICE, REVIEWERS

_READER = REVIEWERS[0]


@dataclass(frozen=True)
class Found:
    """A file as it comes out at the station."""

    blob: bytes
    data: bytes


@dataclass
class Inbox:
    """The server's data, seen from the office's side."""

    layout: Layout
    _opened: dict[bytes, Found] = field(default_factory=dict)

    def evidence(self) -> list[Found]:
        """The file of each evidence item. Whatever is not there or does not open as it was sealed, raises."""
        database = open_inbox(self.layout.inbox, keyfile.read(self.layout.inbox_key))
        try:
            reader = InboxReader(database, self.layout)
            waiting = reader.page(OFFICE, limit=10_000)
            for entry in waiting:
                if entry.kind == "item" and entry.id not in self._opened:
                    self._opened[entry.id] = self._open(reader.body(OFFICE, entry.id))
        finally:
            database.close()
        recorded = [entry.id for entry in waiting if entry.kind == "blob"]
        assert {found.blob for found in self._opened.values()} <= set(recorded)
        return list(self._opened.values())

    def check(self) -> None:
        """Every complete file is recorded once, opens, and is there only once for its content."""
        self._opened.clear()
        found = {each.blob: each.data for each in self.evidence()}
        assert len(set(found.values())) == len(found)

    def _open(self, item: bytes) -> Found:
        context = Context(INSTANCE, OFFICE, CHANNEL)
        content = open_message(item, KEYS[_READER], context, REVIEWERS, _READER).content
        assert isinstance(content, Evidence)
        with self.layout.blob(OFFICE, content.blob).open("rb") as file:
            data = b"".join(open_blob(content, file))
        assert len(data) == content.size
        return Found(content.blob, data)
