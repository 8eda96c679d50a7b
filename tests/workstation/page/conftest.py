"""A page with a station that has one case."""

import re
from collections.abc import Iterator

import pytest

from tests.workstation.office import Desk
from tests.workstation.page.client import Page, running

HOSTILE = "<script>document.title='x'</script>\n\u202egnp\u202c & <b>tebal</b>"


@pytest.fixture
def page(desk: Desk) -> Iterator[Page]:
    with running(desk.folder) as opened:
        yield opened


@pytest.fixture
def unlocked_page(page: Page) -> Page:
    page.begin()
    page.unlock()
    return page


@pytest.fixture
def case(unlocked_page: Page, desk: Desk) -> int:
    """Imported through the page: a report, a hostile message and a file with a hostile name."""
    reporter = desk.reporter()
    item, blob_id, blob = reporter.evidence(b"isi bukti " * 9_000, "<img src=x>\u202egpj.exe")
    bundle = desk.deliver(1, [reporter.report(), reporter.text(HOSTILE), item], [(blob_id, blob)])
    assert unlocked_page.post("/import", path=str(bundle)).to == "/working"
    assert "3 messages filed" in unlocked_page.await_end().text
    unlocked_page.post("/working")
    (number,) = re.findall(r'data-case="(\d+)"', unlocked_page.ask("/cases").text)
    return int(number)
