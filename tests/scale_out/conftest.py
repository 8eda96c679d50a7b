"""The fixtures of tests/store over a PostgreSQL server, one for all tests of this folder."""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from store.layout import Layout
from store.postgres.database import OFFICE as OFFICE_ROLE
from store.postgres.database import PostgresDatabase
from store.postgres.eraser import PostgresEraser
from store.postgres.writer import PostgresWriter
from store.reader import InboxReader
from tests.scale_out import postgres
from tests.scale_out.postgres import Postgres


@pytest.fixture(scope="session")
def running() -> Iterator[Postgres]:
    server = postgres.make()
    yield server
    postgres.remove(server)


@pytest.fixture
def server(running: Postgres) -> Iterator[Postgres]:
    """An empty inbox."""
    running.empty()
    yield running


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    made = Layout(tmp_path / "data")
    made.make()
    return made


@pytest.fixture
def writer(server: Postgres) -> Iterator[PostgresWriter]:
    made = PostgresWriter(server.address)
    yield made
    made.close()


@pytest.fixture
def inbox(server: Postgres) -> Iterator[PostgresDatabase]:
    database = PostgresDatabase(server.address, OFFICE_ROLE)
    yield database
    database.close()


@pytest.fixture
def reader(inbox: PostgresDatabase, layout: Layout) -> InboxReader:
    return InboxReader(inbox, layout)


@pytest.fixture
def new_eraser(server: Postgres, layout: Layout):
    return partial(PostgresEraser, layout, server.address)


@pytest.fixture
def eraser(new_eraser) -> Iterator[PostgresEraser]:
    made = new_eraser()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def owner_only_files():
    before = os.umask(0o077)
    yield
    os.umask(before)
