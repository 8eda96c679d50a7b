"""A training station teaches everything and meets nothing real: R25 (S3-9)."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from crypto import training as training_ids
from crypto.errors import MalformedError
from journalist_app.errors import ForeignBundleError as ServerForeignBundleError
from journalist_app.errors import TrainingBundleError
from journalist_app.parts import open_parts
from journalist_app.taking import adopt_first_bundle, preview, take
from store import keyfile, site
from store.layout import Layout as ServerLayout
from store.site import Site, SiteOffice
from store.staff.account import console
from tests.workstation.office import CHEAP, PASSPHRASE, TODAY, Desk, plan
from tests.workstation.page.client import running
from workstation import backup, cases, evidence, outbound, restoring, shares, thread, watermark
from workstation.casework.errors import TrainingFolderError, TrainingOfficeError
from workstation.casework.stages import STAGES
from workstation.cli import main
from workstation.errors import (
    BadPlanError,
    ForeignBundleError,
    StationExistsError,
    VaultDamagedError,
)
from workstation.inbox import import_bundle
from workstation.offices import registry
from workstation.plan import Plan, check_plan
from workstation.station import Station, unlock
from workstation.workshop import training
from workstation.workshop.training import Made

INSPECTOR, AUDITOR = "inspektur", "auditor"


@dataclass(frozen=True)
class Workshop:
    """A workshop's folder."""

    made: Made

    def passphrase_file(self, owner: str) -> Path:
        return self.made.folder / "passphrases" / owner

    def as_(self, reviewer: str) -> list[str]:
        file = str(self.passphrase_file(reviewer))
        return ["--folder", str(self.made.station), "--as", reviewer, "--passphrase-file", file]

    @contextmanager
    def unlocked(self, reviewer: str) -> Iterator[Station]:
        with unlock(
            self.made.station, reviewer, self.passphrase_file(reviewer).read_text().strip()
        ) as station:
            yield station


@pytest.fixture(scope="session")
def pristine_workshop(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return training.make(tmp_path_factory.mktemp("workshop") / "latihan", TODAY, CHEAP)


@pytest.fixture
def workshop(pristine_workshop: Made, tmp_path: Path) -> Workshop:
    copied = Path(shutil.copytree(pristine_workshop.folder, tmp_path / "latihan"))
    here = [
        copied / path.relative_to(pristine_workshop.folder)
        for path in (pristine_workshop.bundle, pristine_workshop.cards)
    ]
    return Workshop(Made(copied, pristine_workshop.cases, *here))


@pytest.fixture
def server(desk: Desk, tmp_path: Path) -> ServerLayout:
    """A real server of the office of the tests."""
    layout = ServerLayout(tmp_path / "server")
    layout.make()
    for key in (layout.inbox_key, layout.staff_key, layout.ticket_key):
        keyfile.create(key)
    adopt_first_bundle(layout, desk.held.bundle.path, lambda office: True)
    return layout


def test_it_has_cases_in_every_stage_with_evidence_and_work_for_two(
    workshop: Workshop, tmp_path: Path
) -> None:
    with workshop.unlocked(AUDITOR) as station:
        found = list(cases.readable(station))
        assert len(found) == workshop.made.cases > 25
        in_stage = {case.head.stage for case in found}
        # through these a case only passes on its way
        assert set(STAGES) - in_stage == {"not-competent", "forwarded", "no-action", "handed-over"}
        assert {case.head.arrival for case in found} == {"drop", "letter", "visit"}
        assert {case.head.channel for case in found} == {
            channel.id for channel in station.directory.office.channels
        }
        assert len(registry.listed(station.vault)) == 8
        kinds = set()
        for case in found:
            for number, _, _ in thread.evidence(thread.messages(station, case)):
                path = evidence.export(station, case, number, tmp_path).path
                assert path.name.startswith("LATIHAN-")
                kinds.add(path.read_bytes()[:4])
        assert kinds == {b"\xff\xd8\xff\xe0", b"%PDF"}
        assert len(import_bundle(station, workshop.made.bundle).opened.new_cases) == 2
    assert watermark.LINE in next(tmp_path.glob("*.custody.txt")).read_text("utf-8")


def test_every_command_and_page_and_paper_says_what_it_is(
    workshop: Workshop, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["cases"], ["log"], ["show", "9999"], ["retention", "due"]):
        main([*command, *workshop.as_(INSPECTOR)])
        assert capsys.readouterr().out.splitlines()[0] == watermark.LINE
    assert main(["cases", "--json", *workshop.as_(INSPECTOR)]) == 0
    said = capsys.readouterr()
    assert said.err.splitlines()[0] == watermark.LINE
    assert json.loads(said.out)
    assert main(["cases", *desk.as_("r1")]) == 0
    assert watermark.LINE not in capsys.readouterr().out
    with running(workshop.made.station) as page:
        page.begin()
        assert watermark.LINE in page.ask("/unlock").text
        page.post(
            "/unlock", reviewer=INSPECTOR, passphrase=workshop.passphrase_file(INSPECTOR).read_text().strip()
        )
        for path in ("/", "/cases", "/retention", "/take-in", "/tidak-ada"):
            assert f'<p class="watermark">{watermark.LINE}</p>' in page.ask(path).text
    with running(desk.folder) as page:
        page.begin()
        assert "watermark" not in page.ask("/unlock").text
    fingerprint = workshop.made.folder / "sidik.html"
    assert main(["fingerprint", "--folder", str(workshop.made.station), "--print", str(fingerprint)]) == 0
    recaps = [workshop.made.folder / f"rekap{ending}" for ending in (".csv", ".html")]
    for recap in recaps:
        assert main(["recap", *workshop.as_(INSPECTOR), "--write", str(recap)]) == 0
    papers = [workshop.made.cards, fingerprint, *recaps, *(workshop.made.folder / "letters").glob("*.html")]
    assert len(papers) > 4
    for paper in papers:
        assert any(mark in paper.read_text("utf-8") for mark in watermark.NAMES.values())


def test_no_real_server_takes_what_it_writes(
    workshop: Workshop, server: ServerLayout, desk: Desk, tmp_path: Path
) -> None:
    with workshop.unlocked(INSPECTOR) as station:
        written = outbound.write_bundle(station, workshop.made.folder, TODAY).path
    parts = open_parts(server, site.read(server))
    (office,) = parts.site.offices
    try:
        for bundle in (written, workshop.made.folder / "stick" / "peluit-out-latihan-kota-bayangan-1.tar"):
            with bundle.open("rb") as file, pytest.raises(ServerForeignBundleError):
                preview(parts, office, file)
            with bundle.open("rb") as file, pytest.raises(ServerForeignBundleError):
                take(parts, console(office.id), office, file)
    finally:
        parts.close()
    new = ServerLayout(tmp_path / "baru")
    new.make()
    for key in (new.inbox_key, new.staff_key, new.ticket_key):
        keyfile.create(key)
    first = workshop.made.folder / "stick" / "peluit-out-latihan-kota-bayangan-1.tar"
    with pytest.raises(TrainingBundleError):
        adopt_first_bundle(new, first, lambda office: True)
    with workshop.unlocked(INSPECTOR) as station:
        there = station.directory.office
        names = Site(there.instance, (SiteOffice(there.id, there.names, there.root),))
        with pytest.raises(MalformedError):
            site.write(new, names)
    assert not new.site.exists()


def test_bundles_of_one_do_not_fit_the_other(workshop: Workshop, desk: Desk) -> None:
    real = desk.deliver(1, [desk.reporter().report()])
    with workshop.unlocked(INSPECTOR) as station:
        with pytest.raises(ForeignBundleError):
            import_bundle(station, real)
        own = station.directory
    with unlock(desk.folder, "r1", PASSPHRASE.format("r1")) as station:
        with pytest.raises(ForeignBundleError):
            import_bundle(station, workshop.made.bundle)
        registry.add(
            station, [registry.read_office({"id": "lain", "name_id": "Lain", "kind": "opd"}, "1")], TODAY
        )
        document = (workshop.made.station / "directories" / "1").read_bytes()
        assert registry.read_document(document).office.id == own.office.id
        with pytest.raises(TrainingOfficeError):
            registry.enrol(station, "lain", document, TODAY)


def test_a_backup_of_one_never_becomes_the_other(workshop: Workshop, desk: Desk, tmp_path: Path) -> None:
    public, words = shares.generate(3, 2)
    saved = tmp_path / "cadangan"
    with workshop.unlocked(INSPECTOR) as station:
        backup.write(station, public, saved, TODAY)
    key = shares.combine(words[1:])
    with pytest.raises(StationExistsError):
        restoring.restore(saved, key, desk.folder)
    restoring.restore(saved, key, tmp_path / "pulih")
    assert watermark.of_folder(tmp_path / "pulih") == watermark.LINE
    shutil.copy(workshop.made.station / "vault.db", desk.folder / "vault.db")
    with pytest.raises(VaultDamagedError), unlock(desk.folder, "r1", PASSPHRASE.format("r1")):
        pass


def test_no_real_office_can_be_made_with_the_mark_nor_one_for_training_without() -> None:
    real = plan()
    names = {language: f"{mark}: Kota" for language, mark in watermark.NAMES.items()}
    marked = Plan("latihan-kota", names, real.reviewers, training_ids.new_instance())  # type: ignore[arg-type]
    check_plan(marked)
    for wrong in (
        Plan(real.office, real.names, real.reviewers, marked.instance),
        Plan(marked.office, real.names, real.reviewers, marked.instance),
        Plan(real.office, names, real.reviewers, marked.instance),
        Plan(marked.office, names, real.reviewers, real.instance),
    ):
        with pytest.raises(BadPlanError):
            check_plan(wrong)
    assert not training_ids.is_training(real.instance)


def test_the_command_makes_one_in_a_new_folder_only(tmp_path: Path) -> None:
    with pytest.raises(TrainingFolderError):
        training.make(tmp_path, TODAY, CHEAP)
    assert main(["training", "make", str(tmp_path)]) == 1
