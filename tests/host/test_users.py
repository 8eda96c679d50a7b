"""The programs do their work under four users, and none of them can do what only another may."""

import io
import os
import secrets
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto import bundle
from crypto.constants import DELETION_NUMBERS, HASH_SIZE
from crypto.deletion import token_hash
from hardening.deploy.host.ownership import INBOX, JOURNALIST, NOSCRIPT, RULES, SOURCE, apply, wrong
from peluit.doctor import process
from peluit.doctor.installation import Installation
from store.layout import Layout
from tests.host.four_users import (
    GROUPS,
    USERS,
    Programs,
    Reporter,
    Reviewer,
    answers,
    ask,
    denied,
    installed,
    may,
)
from tests.source_app import sealed
from tests.store.installation import OFFICE

PADDED = 2 * 2**20

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can start programs as other users")


@pytest.fixture(scope="module")
def programs() -> Iterator[Programs]:
    with tempfile.TemporaryDirectory(prefix="peluit-host-") as folder, installed(Path(folder)) as found:
        found.start_broker()
        found.start_apps()
        yield found
        found.stop()
        assert found.log.read_text() == ""


def of_others(layout: Layout) -> list[tuple[str, Path]]:
    """What the source app must not do."""
    return [
        *(("read", path) for path in (layout.staff, layout.staff_key, layout.inbox, layout.inbox_key)),
        *(("list", path.parent) for path in (layout.inbox, layout.staff)),
        *(("list", path) for path in (layout.root, layout.done, layout.done / OFFICE, layout.imports)),
    ]


def test_the_broker_is_confined(programs: Programs, tmp_path: Path) -> None:
    pid = str(programs.running["inbox"].pid)
    (tmp_path / pid).symlink_to(f"/proc/{pid}")
    (found,) = process.running(Installation(data=programs.layout.root, proc=tmp_path))
    assert (found.check, found.state) == ("process inbox", "good")


def test_reports_come_in_and_go_out(programs: Programs) -> None:
    reporter, reviewer = Reporter(programs.source), Reviewer(programs.journalist, programs.secret)
    status, item = reporter.send()
    assert status == 204
    blob = reporter.upload(PADDED)
    tokens = secrets.token_bytes(DELETION_NUMBERS * HASH_SIZE)
    assert reporter.send(token_hash(tokens[:HASH_SIZE]))[0] == 204
    assert reporter.erase(tokens) == 1 and reporter.erase(tokens) == 0
    path = programs.layout.blob(OFFICE, blob)
    found = path.stat()
    assert (found.st_uid, stat.S_IMODE(found.st_mode)) == (USERS[SOURCE], 0o660)
    assert (found.st_mtime_ns, found.st_nlink) == (0, 1)
    reviewer.sign_in()
    read = bundle.BundleReader(io.BytesIO(reviewer.bundle()))
    documents = {entry.kind: b"".join(data) for entry, data in read.entries()}
    assert documents == {"item": item, "blob": sealed.whole_blob(blob, PADDED)}
    assert ask(programs.noscript, "GET", "/id/")[0] == 200
    # What the programs have made since has the rights that the table says.
    assert list(wrong(programs.layout.root, USERS, GROUPS)) == []


def test_the_source_app_cannot_open_or_list_what_is_not_its_own(programs: Programs) -> None:
    tries = of_others(programs.layout)
    assert denied(SOURCE, tries) == tries
    mine = [("read", programs.layout.ticket_key), ("read", programs.layout.site)]
    assert denied(SOURCE, mine) == []


def test_a_blob_can_be_asked_for_by_its_name_only(programs: Programs) -> None:
    blob = Reporter(programs.source).upload(PADDED)
    office = programs.layout.done / OFFICE
    assert may(SOURCE, ("stat", office / blob.hex()), ("list", office)) == [True, False]


def test_the_door_cannot_enter_the_folder(programs: Programs) -> None:
    below = [path for path in programs.layout.root.rglob("*") if "blanks" not in path.parts]
    tries = [("stat", path) for path in below] + [("list", programs.layout.root)]
    assert len(tries) > 30 and denied(NOSCRIPT, tries) == tries


def test_the_broker_has_nothing_of_the_staff(programs: Programs) -> None:
    layout = programs.layout
    tries = [("read", path) for path in (layout.staff, layout.staff_key, layout.ticket_key)]
    assert denied(INBOX, tries) == tries
    assert denied(JOURNALIST, [("read", layout.ticket_key)]) == [("read", layout.ticket_key)]


@pytest.mark.parametrize("rule", ["inbox", "inbox/inbox.key", "staff", "blobs/done/*", ""])
def test_a_looser_mode_is_found(programs: Programs, rule: str) -> None:
    """Both by trying and by comparing with the table: so the tests above can fail."""
    layout = programs.layout
    (found,) = [each for each in RULES if each.path == rule]
    path = layout.root / rule.replace("*", OFFICE)
    inner = [layout.inbox, layout.inbox_key, layout.staff, layout.staff_key] if path.is_dir() else []
    before = {each: stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent, *inner)}
    try:
        for each in before:
            if each != layout.root.parent:
                each.chmod(before[each] | 0o055)
        assert denied(SOURCE, of_others(layout)) != of_others(layout)
        assert path in {each for each, _ in wrong(layout.root, USERS, GROUPS)}
        assert apply(layout.root, USERS, GROUPS) >= 1
        assert stat.S_IMODE(path.stat().st_mode) == found.mode
    finally:
        for each, mode in before.items():
            each.chmod(mode)


def test_without_the_broker_reports_wait_and_with_it_again_they_come(programs: Programs) -> None:
    reporter = Reporter(programs.source)
    assert reporter.send()[0] == 204
    programs.stop("inbox")
    assert reporter.send()[0] == 503
    assert answers(programs.source)
    programs.start_broker()
    assert [reporter.send()[0] for _ in range(8)] == [204] * 8
    said = programs.log.read_text().splitlines()
    assert said and {line.partition(" ")[2].partition(" ")[0] for line in said} == {"BrokerAwayError"}
    os.truncate(programs.log, 0)
