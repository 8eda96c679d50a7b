import os
from functools import partial
from pathlib import Path

import pytest

from store import keyfile
from store.eraser import InboxEraser
from store.inbox import InboxWriter
from store.keyfile import RawKey
from store.layout import Layout
from store.reader import InboxReader, open_inbox
from store.space import DEFAULT_LIMITS
from store.uploads import Uploads


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    made = Layout(tmp_path / "data")
    made.make()
    return made


@pytest.fixture
def key(layout: Layout) -> RawKey:
    return keyfile.create(layout.inbox_key)


@pytest.fixture
def writer(layout: Layout, key: RawKey):
    made = InboxWriter(layout.inbox, key)
    yield made
    made.close()


@pytest.fixture
def uploads(layout: Layout, writer: InboxWriter) -> Uploads:
    return Uploads(layout, writer, DEFAULT_LIMITS)


@pytest.fixture
def inbox(layout: Layout, key: RawKey):
    database = open_inbox(layout.inbox, key)
    yield database
    database.close()


@pytest.fixture
def reader(inbox, layout: Layout) -> InboxReader:
    return InboxReader(inbox, layout)


@pytest.fixture
def new_eraser(layout: Layout, key: RawKey):
    """Makes a further one, which the test closes."""
    return partial(InboxEraser, layout, key)


@pytest.fixture(autouse=True)
def owner_only_files():
    before = os.umask(0o077)
    yield
    os.umask(before)
