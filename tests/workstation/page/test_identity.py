"""A sealed identity (R7) on the page: what can be known of it, asking for it, how it is opened."""

import re

from tests.workstation.casework.test_identity import C1, C2, REASON, hold, left, new
from tests.workstation.conftest import Unlock
from tests.workstation.office import Desk, Reporter
from tests.workstation.page.client import Page
from workstation.custodianship import Custodianship
from workstation.inbox import import_bundle

HOSTILE = f"{REASON} <b>tebal</b>"


def test_one_asks_on_the_page_and_is_told_how_it_is_opened(page: Page, desk: Desk, unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        hold(station, desk, Custodianship(join=new(C1, C2)))
    with unlocked("r1") as station:
        reporter = Reporter(station.directory)
        opened = import_bundle(station, desk.deliver(1, [reporter.report(), left(reporter)])).opened
        other = import_bundle(station, desk.deliver(2, [Reporter(station.directory).report()])).opened
    (case,), (without,) = opened.cases, other.cases
    page.begin()
    page.unlock()
    assert f'href="/cases/{case}/identity"' in page.ask(f"/cases/{case}").text
    assert "Sealed identity, received" in page.ask(f"/cases/{case}").text
    assert 'id="nothing"' in page.ask(f"/cases/{without}/identity").text
    path = f"/cases/{case}/identity"
    shown = page.ask(path).text
    assert "Notary (c1)" in shown and 'id="command"' not in shown
    (step,) = re.findall(r'name="step" value="(\d+)"', shown)
    assert 'id="problem"' in page.post(path, step=step, reason=" ").text
    for _twice in range(2):
        assert page.post(path, step=step, reason=HOSTILE).to == path
    shown = page.ask(path).text
    assert "&lt;b&gt;tebal" in shown and "<b>tebal" not in shown
    assert f"peluit station identity {case} open --custodian ID --custodian ID" in shown
    assert f'name="step" value="{int(step) + 1}"' in shown  # asked once
    assert "You asked for this identity yourself" in shown
    assert 'id="identity-waits"' in page.ask(f"/cases/{case}").text
    assert 'id="identity-waits"' not in page.ask(f"/cases/{without}").text
