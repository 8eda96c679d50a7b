"""What an office asks: the defaults, files of its own, and plain words for what is wrong in them."""

import json
from pathlib import Path
from typing import Any

import pytest

from crypto.fields import ReviewerId
from tests.workstation.test_ceremony import init_words
from workstation import office_data
from workstation.cli import main
from workstation.errors import BadFormsError, CannotReadError
from workstation.office_data import OfficeData, load
from workstation.station import public_directory

READERS = (ReviewerId("r1"), ReviewerId("r2"))
Data = dict[str, Any]


@pytest.fixture
def data() -> Data:
    """The default, to be changed."""
    found: Data = json.loads(office_data.DEFAULT.read_text("utf-8"))
    return found


def loaded(where: Path, data: object) -> OfficeData:
    path = where / "forms.json"
    path.write_text(json.dumps(data), "utf-8")
    return load(path, READERS)


def test_the_default_asks_what_it_should() -> None:
    data = load(office_data.DEFAULT, READERS)
    assert all(channel.recipients == READERS for channel in data.channels)
    needs = {
        form.id: {need: [f.id for f in form.fields if f.need == need] for need in ("required", "either")}
        for form in data.forms
    }
    assert needs == {
        "integritas": {"required": ["what"], "either": ["who", "where"]},
        "layanan": {"required": ["what", "where"], "either": []},
        "aspirasi": {"required": ["what"], "either": []},
        "informasi": {"required": ["what"], "either": []},
    }
    assert [form.evidence for form in data.forms] == ["advised", "advised", "none", "none"]
    assert "PPID" in data.forms[3].notes["id"]
    assert (data.evidence.largest, data.evidence.refused[0]) == (8 * 2**30, "apk")


def test_the_example_can_be_given_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forms"]) == 0
    path = tmp_path / "own.json"
    path.write_bytes(b"\xef\xbb\xbf" + capsys.readouterr().out.encode())  # as Notepad saves it
    assert load(path, READERS) == load(office_data.DEFAULT, READERS)


def test_forms_of_ones_own_are_signed(tmp_path: Path, data: Data, capsys: pytest.CaptureFixture[str]) -> None:
    data["channels"] = [data["channels"][2] | {"form": "ide", "id": "ide"}]
    data["forms"] = [data["forms"][2] | {"id": "ide"}]
    data["notes"] = {"en": "1 < 2 & “x”", "id": "Satu.\n\n- dua"}
    (tmp_path / "own.json").write_text(json.dumps(data), "utf-8")
    words = init_words(tmp_path, "--json", "--forms", str(tmp_path / "own.json"), "--readers", "ide=r1")
    assert main(words) == 0
    capsys.readouterr()
    office = public_directory(tmp_path / "station").office
    assert [(c.id, c.form, c.recipients) for c in office.channels] == [("ide", "ide", ("r1",))]
    assert [form.id for form in office.forms] == ["ide"]
    assert office.notes == data["notes"]


def changed(data: Data, path: list[str | int], value: object) -> Data:
    inner: Any = data
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return data


LONG = {"en": "x" * 2_001, "id": ""}
FIELD: list[str | int] = ["forms", 1, "fields", 2]


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (["extra"], 1, "forms.json"),
        (["channels"], [], "forms.json"),
        (["channels"], {}, "forms.json"),
        (["forms"], [], "forms.json"),
        (["channels", 1], 7, "channels 2"),
        (["channels", 1, "recipients"], ["r1"], "channels 2"),
        (["channels", 1, "form"], "absent", "channels 2"),
        (["channels", 2, "family"], "integrity", "channels 3"),
        (["channels", 0, "titles", "id"], "", "channels 1"),
        (["channels", 1, "id"], "aspirasi", "forms.json"),
        (["forms", 3, "id"], "Informasi", "forms 4"),
        (["forms", 3, "evidence"], "maybe", "forms 4"),
        (["forms", 3, "notes"], LONG, "forms 4"),
        (["forms", 3, "fields"], [], "forms 4"),
        (["forms", 3, "fields", 0, "need"], "optional", "forms 4"),
        (["forms", 3], "text", "forms 4"),
        ([*FIELD, "need"], "wanted", "forms 2, fields 3"),
        ([*FIELD, "rows"], 13, "forms 2, fields 3"),
        ([*FIELD, "rows"], 1.0, "forms 2, fields 3"),
        ([*FIELD, "examples"], LONG, "forms 2, fields 3"),
        ([*FIELD, "choices"], [{"id": "a"}], "forms 2, fields 3"),
        (FIELD, None, "forms 2, fields 3"),
        (["evidence", "refused"], ["exe", "apk"], "evidence"),
        (["evidence", "largest"], 0, "evidence"),
        (["notes"], LONG, "notes"),
    ],
)
def test_what_is_wrong_is_said_and_where(
    tmp_path: Path, data: Data, path: list[str | int], value: object, where: str
) -> None:
    with pytest.raises(BadFormsError) as caught:
        loaded(tmp_path, changed(data, path, value))
    assert caught.value.details["where"] == where
    assert str(caught.value).startswith(f"The office's forms are not usable ({where}): ")


@pytest.mark.parametrize(
    ("path", "where"),
    [
        (["channels", 0, "titles", "en"], "channels 1"),
        (["forms", 0, "notes", "id"], "forms 1"),
        ([*FIELD, "titles", "id"], "forms 2, fields 3"),
        ([*FIELD, "examples", "en"], "forms 2, fields 3"),
        (["forms", 0, "fields", 0, "choices", 3, "titles", "en"], "forms 1, fields 1"),
        (["notes", "en"], "notes"),
    ],
)
@pytest.mark.parametrize("text", ["a <b>bold</b> word", "</p>", "x<script", "<!-- -->"])
def test_markup_is_refused(tmp_path: Path, data: Data, path: list[str | int], where: str, text: str) -> None:
    with pytest.raises(BadFormsError, match="plain text") as caught:
        loaded(tmp_path, changed(data, path, text))
    assert caught.value.details["where"] == where


def test_a_lesser_sign_is_no_markup(tmp_path: Path, data: Data) -> None:
    assert (
        loaded(tmp_path, changed(data, ["notes", "en"], "a < b, <3, <- and & too"))
        .notes["en"]
        .startswith("a")
    )


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b"\xff\xfe", b"null", b"[" * 100_000, b" " * 300_000, b'{"channels": NaN}']
)
def test_other_files_are_refused(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "x.json").write_bytes(text)
    with pytest.raises(BadFormsError, match="one JSON object"):
        load(tmp_path / "x.json", READERS)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CannotReadError):
        load(tmp_path, READERS)
