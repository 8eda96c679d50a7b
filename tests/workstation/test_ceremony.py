"""The key ceremony: whole or not at all, and only what every client will accept."""

import errno
import json
from dataclasses import replace
from pathlib import Path

import pytest

from crypto import calendar, fingerprint
from crypto.binding import b64
from crypto.constants import KINDS
from crypto.fields import FormId, ReviewerId
from tests.workstation.office import (
    CHEAP,
    PASSPHRASE,
    TODAY,
    Desk,
    outbound_entries,
    passphrases_for,
    plan,
)
from workstation import calibration, ceremony, files, keyfile, office_data
from workstation.ceremony import Passphrases
from workstation.cli import main
from workstation.errors import (
    BadPlanError,
    DiskFullError,
    NotAFolderError,
    StationExistsError,
    WeakPassphraseError,
)
from workstation.plan import EPOCHS
from workstation.station import public_directory


def init_words(where: Path, *more: str) -> list[str]:
    for owner in ("office", "r1", "r2"):
        (where / f"{owner}.txt").write_text(PASSPHRASE.format(owner), "utf-8")
    stick = where / "stick"
    stick.mkdir(exist_ok=True)
    words = ["init", "--folder", str(where / "station"), "--to", str(stick), "--office", "inspektorat-kota"]
    words += ["--name-id", "Inspektorat Kota", "--name-en", "City Inspectorate", "--epochs", "2"]
    words += ["--reviewer", "r1=Inspektur/Inspector", "--reviewer", "r2=Auditor/Auditor"]
    for owner in ("office", "r1", "r2"):
        words += ["--passphrase-file", f"{owner}={where / f'{owner}.txt'}"]
    return [*words, *more]


def test_defaults(desk: Desk) -> None:
    office = desk.directory.office
    assert {channel.kind for channel in office.channels} == set(KINDS)
    assert [(c.id, c.family, c.form) for c in office.channels] == [
        ("aduan-integritas", "integrity", "integritas"),
        ("aduan-layanan", "service", "layanan"),
        ("aspirasi", "none", "aspirasi"),
        ("permohonan-informasi", "none", "informasi"),
    ]
    assert all(channel.recipients == ("r1", "r2", "r3") for channel in office.channels)
    assert (office.serial, office.root) == (1, desk.held.root)
    week = calendar.epoch_of(TODAY)
    assert list(desk.directory.epochs) == [week, week + 1, week + 2]
    assert office.expires == calendar.last_day(calendar.Epoch(week + 2))
    assert EPOCHS == 26


def test_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration, "calibrate", lambda: CHEAP)
    assert main(init_words(tmp_path, "--json")) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["reviewers"] == ["r1", "r2"]
    assert Path(made["bundle"]["path"]).is_file()
    assert main(["fingerprint", "--folder", str(tmp_path / "station"), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["root"] == made["root"]
    for path in (tmp_path / "station").rglob("*.key"):
        assert keyfile.cost_of(path.read_bytes(), path.stem) == CHEAP, "as measured at the ceremony"
    assert len(shown["digits"]) == 8
    assert main(["fingerprint", "--folder", str(tmp_path / "station")]) == 0
    text = capsys.readouterr().out
    assert " ".join(shown["digits"]) in text
    assert " ".join(shown["words"]["id"]) in text
    assert main(init_words(tmp_path)) == 1
    assert "nothing was changed" in capsys.readouterr().err


def test_fingerprint_is_the_protocols(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fingerprint", "--folder", str(desk.folder), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["digits"] == list(fingerprint.digits(desk.held.root))
    assert shown["words"]["en"] == list(fingerprint.spoken(desk.held.root, "en"))
    assert shown["instance"] == b64(desk.directory.office.instance)


def test_readers_of_a_channel(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = ["--readers", "aduan-integritas=r2", "--readers", "aspirasi=r2,r1", "--instance", "A" * 22]
    assert main(init_words(tmp_path, *more)) == 0
    capsys.readouterr()
    channels = public_directory(tmp_path / "station").office.channels
    assert [(c.id, c.recipients) for c in channels] == [
        ("aduan-integritas", ("r2",)),
        ("aduan-layanan", ("r1", "r2")),
        ("aspirasi", ("r2", "r1")),
        ("permohonan-informasi", ("r1", "r2")),
    ]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--reviewer", "R3=A/B"], 2, "lower-case letters"),
        (["--reviewer", "r3=only one title"], 2, "ID=TITLE"),
        (["--reviewer", "r1=A/B"], 2, "same id"),
        (["--reviewer", "office=A/B"], 2, "none of them"),
        (["--readers", "aduan=r1"], 2, "aduan-integritas, aduan-layanan"),
        (["--readers", "aspirasi=r9"], 2, "ids of reviewers"),
        (["--readers", "aspirasi=r1,r1"], 2, "ids of reviewers"),
        (["--readers", "aspirasi="], 2, "ids of reviewers"),
        (["--forms", "/nonexistent"], 1, "is not there"),
        (["--instance", "short"], 2, "22 letters"),
        (["--epochs", "0"], 2, "60 weeks"),
        (["--epochs", "61"], 2, "60 weeks"),
    ],
)
def test_unusable_plans_leave_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    (tmp_path / "r3.txt").write_text(PASSPHRASE.format("r3"), "utf-8")
    words = [*words, "--passphrase-file", f"r3={tmp_path / 'r3.txt'}"]
    assert main(init_words(tmp_path, *words)) == code
    assert not (tmp_path / "station").exists()
    assert not list(tmp_path.glob(".station*"))
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert said in error


def test_refusals(tmp_path: Path) -> None:
    what = plan(epochs=1)
    words = passphrases_for(what)
    with pytest.raises(NotAFolderError):
        ceremony.hold(tmp_path / "station", what, words, tmp_path / "absent", TODAY, CHEAP)
    weak = Passphrases("short", words.reviewers)
    with pytest.raises(WeakPassphraseError):
        ceremony.hold(tmp_path / "station", what, weak, tmp_path, TODAY, CHEAP)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(StationExistsError):
        ceremony.hold(tmp_path / "full", what, words, tmp_path, TODAY, CHEAP)
    strangers = office_data.load(office_data.DEFAULT, [ReviewerId("r9")])
    with pytest.raises(BadPlanError, match="unknown reviewer"):
        ceremony.hold(tmp_path / "station", replace(what, data=strangers), words, tmp_path, TODAY, CHEAP)
    form = replace(strangers.forms[0], notes={"en": "😀" * 2_000, "id": "😀" * 2_000})
    data = office_data.load(office_data.DEFAULT, what.reviewers)
    many = replace(data, forms=(*data.forms, *(replace(form, id=FormId(f"f{n}")) for n in range(28))))
    with pytest.raises(BadPlanError, match="too long"):
        ceremony.hold(tmp_path / "station", replace(what, data=many), words, tmp_path, TODAY, CHEAP)
    assert not (tmp_path / "station").exists()


def test_an_empty_folder_may_be_there(tmp_path: Path) -> None:
    (tmp_path / "station").mkdir(mode=0o755)
    what = plan(reviewers=1, epochs=1)
    ceremony.hold(tmp_path / "station", what, passphrases_for(what), tmp_path, TODAY, CHEAP)
    assert (tmp_path / "station").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("call", range(6))
def test_a_disk_that_fills_up_leaves_no_station(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    real, calls = files.write_all, iter(range(100))

    def full(descriptor: int, data: bytes) -> None:
        if next(calls) == call:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor, data)

    monkeypatch.setattr(files, "write_all", full)
    what = plan(epochs=1)
    with pytest.raises(DiskFullError):
        ceremony.hold(tmp_path / "station", what, passphrases_for(what), tmp_path, TODAY, CHEAP)
    assert list(tmp_path.iterdir()) == []


def test_a_first_bundle_that_could_not_be_written_is_written_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    what = plan(reviewers=1, epochs=1)
    name = "peluit-out-inspektorat-kota-1.tar"
    (tmp_path / name).write_text("in the way", "utf-8")
    with pytest.raises(Exception, match="is there already"):
        ceremony.hold(tmp_path / "station", what, passphrases_for(what), tmp_path, TODAY, CHEAP)
    (tmp_path / name).unlink()
    (tmp_path / "r1.txt").write_text(PASSPHRASE.format("r1"), "utf-8")
    words = ["bundle", "--to", str(tmp_path), "--folder", str(tmp_path / "station")]
    assert main([*words, "--passphrase-file", str(tmp_path / "r1.txt")]) == 0
    assert {"directory", "slots"} < set(outbound_entries(tmp_path / name))
