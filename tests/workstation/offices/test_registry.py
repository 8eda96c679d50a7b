"""The registry of offices (R16): roles and keys, and what each office can be sent."""

import json
from pathlib import Path

import pytest

from crypto import fingerprint
from crypto.fields import OfficeId
from tests.workstation.casework.neighbours import FAR, OPD, POLICE, Unlock, document_of, enter, make, opener
from tests.workstation.ceremonies import R3, renew
from tests.workstation.office import TODAY, Desk
from workstation import stationlog
from workstation.cli import main
from workstation.offices import office_list, registry
from workstation.offices.office_errors import (
    BadDirectoryFileError,
    BadOfficeError,
    BadOfficesFileError,
    DirectoryTakenError,
    NoSuchOfficeError,
    NoteOfStateError,
    OfficeExistsError,
    OldDirectoryError,
    OwnDirectoryError,
)

CSV = (
    "id;name_id;name_en;kind;parent;liaison;administrator\n"
    "dinas-pu;Dinas PU;Public works;opd;;Sekretaris (eselon III);Kasubbag (eselon IV)\n"
    "upt-jalan;UPT Jalan;;unit;dinas-pu;;\n"
)


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return make(tmp_path_factory.mktemp("registry") / "far", FAR)


def test_many_from_a_file(desk: Desk, unlocked: Unlock) -> None:
    file = desk.stick / "offices.csv"
    file.write_text(CSV, "utf-8")
    with unlocked("r1") as station:
        registry.add(station, office_list.read(file), TODAY)
        found = registry.listed(station.vault)
        assert [(office.id, office.parent, office.state, office.since) for office in found] == [
            ("dinas-pu", "", "not-connected", TODAY), ("upt-jalan", "dinas-pu", "not-connected", TODAY),
        ]  # fmt: skip
        assert found[0].liaison == "Sekretaris (eselon III)"
        assert found[1].names == {"en": "UPT Jalan", "id": "UPT Jalan"}
        acts = [entry.act for entry in stationlog.page(station.vault, station.keys.place.office, None, 2)]
        assert acts == ["office-added", "office-added"]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", BadOfficesFileError),
        ("nama;alamat\nDinas;Jalan\n", BadOfficesFileError),
        ('[{"id": "a", "phone": "0812"}]', BadOfficesFileError),
        ("[[1]]", BadOfficesFileError),
        ("[" * 100_000, BadOfficesFileError),
        ('id;name_id\na;"x', BadOfficesFileError),
        ("id;name_id;kind\nDinas PU;Dinas;opd\n", BadOfficeError),
        ("id;name_id;kind\na;;opd\n", BadOfficeError),
        ("id;name_id;kind\na;A;ministry\n", BadOfficeError),
    ],
)
def test_a_list_that_is_none(tmp_path: Path, text: str, error: type[Exception]) -> None:
    file = tmp_path / "offices"
    file.write_text(text, "utf-8")
    with pytest.raises(error):
        office_list.read(file)


def test_all_or_none(unlocked: Unlock) -> None:
    with unlocked("r1") as station:
        enter(station, OPD)
        with pytest.raises(OfficeExistsError):
            enter(station, OPD)
        with pytest.raises(BadOfficeError):
            enter(station, POLICE, "law-enforcement", parent="nobody")
        with pytest.raises(BadOfficeError):
            enter(station, POLICE, "law-enforcement", parent=POLICE)
        with pytest.raises(NoSuchOfficeError):
            registry.find(station.vault, POLICE)


def test_enrolled_and_revoked(desk: Desk, unlocked: Unlock, far: Desk) -> None:
    """Who is on a server of its own is enrolled; a revoked office keeps its keys, and is not trusted."""
    document = document_of(far)
    with unlocked("r1") as station:
        enter(station, FAR)
        enter(station, OPD)
        assert not registry.trusted(station, FAR, far.directory)
        office = registry.enrol(station, FAR, document, TODAY)
        assert (office.state, office.reachable) == ("enrolled", True)
        assert registry.trusted(station, FAR, far.directory)
        with pytest.raises(DirectoryTakenError):
            registry.enrol(station, OPD, document, TODAY)
        with pytest.raises(OwnDirectoryError):
            registry.enrol(station, OPD, document_of(desk), TODAY)
        for broken in (b"", document[:-1], document.replace(b"dinas", b"Dinas"), bytes(64) + b"{}"):
            with pytest.raises(BadDirectoryFileError):
                registry.enrol(station, OPD, broken, TODAY)
        with pytest.raises(NoteOfStateError):
            registry.revoke(station, FAR, " ", TODAY)
        revoked = registry.revoke(station, FAR, "kunci hilang", TODAY)
        assert (revoked.state, revoked.reachable, revoked.reason) == ("revoked", False, "kunci hilang")
        assert not registry.trusted(station, FAR, far.directory)
        found = registry.of_directory(station.vault, far.directory.office.instance, FAR)
        assert found == revoked


def test_the_serial_may_not_go_back(desk: Desk, unlocked: Unlock, tmp_path: Path) -> None:
    """Not under the same root key; of another office's view, `desk` is the neighbour here."""
    other = make(tmp_path / "other", OPD)
    first = document_of(desk)
    renew(desk, R3)
    second = (desk.folder / "directories" / "2").read_bytes()
    with opener(other)("r1") as station:
        enter(station, OfficeId("inspektorat"))
        registry.enrol(station, "inspektorat", second, TODAY)
        with pytest.raises(OldDirectoryError):
            registry.enrol(station, "inspektorat", first, TODAY)
        kept = registry.find(station.vault, "inspektorat").directory
        assert kept is not None and kept.office.serial == 2


def test_the_commands(desk: Desk, far: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """The digits are compared before anything is enrolled; a newer directory needs no comparing."""
    me = desk.as_("r1")
    file = desk.stick / "directory"
    assert main(["offices", "own", "--to", str(desk.stick), *far.as_("r1")]) == 0
    (written,) = desk.stick.glob("peluit-direktori-*")
    file.write_bytes(written.read_bytes())
    assert file.read_bytes() == document_of(far)
    digits = " ".join(fingerprint.digits(far.directory.office.root))
    names = ["--name-id", "Inspektorat Provinsi", "--kind", "oversight"]
    assert main(["offices", "add", FAR, *names, *me]) == 0
    wrong = digits[:-1] + str((int(digits[-1]) + 1) % 10)
    assert main(["offices", "enrol", FAR, str(file), "--yes-same", wrong, *me]) == 1
    assert "Nothing was changed" in capsys.readouterr().err
    assert main(["offices", "show", FAR, "--json", *me]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "not-connected"
    assert main(["offices", "enrol", FAR, str(file), "--yes-same", digits, *me]) == 0
    assert main(["offices", "enrol", FAR, str(file), *me]) == 0
    capsys.readouterr()
    assert main(["offices", "list", *me]) == 0
    shown = capsys.readouterr().out
    assert "enrolled, on another server" in shown and max(map(len, shown.splitlines())) <= 110
    assert main(["offices", "list", "--lang", "id", *me]) == 0
    assert "terdaftar, di server lain" in capsys.readouterr().out
    assert main(["offices", "change", FAR, "--liaison", "Sekretaris", *me]) == 0
    assert main(["offices", "change", FAR, "--parent", "nobody", *me]) == 2
    capsys.readouterr()
    assert main(["offices", "revoke", FAR, "--reason", "kunci hilang", "--json", *me]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["liaison"], found["kind"], found["state"]) == ("Sekretaris", "oversight", "revoked")
    assert (found["names"]["en"], found["reason"]) == ("Inspektorat Provinsi", "kunci hilang")
