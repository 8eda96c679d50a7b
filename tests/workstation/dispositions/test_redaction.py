"""What could give a reporter away is marked; what is blacked out cannot be read back."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.dispositions import disposition, redaction
from workstation.dispositions.redaction import MASK, MASKED


def kinds(text: str) -> list[str]:
    return [mark.kind for mark in redaction.find(text)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hubungi 0812-3456-7890", "phone"),
        ("hubungi +62 812 3456 7890", "phone"),
        ("telepon (0711) 123456", "phone"),
        ("NIK 3578012345678901", "nik"),
        ("NIK 3578 0123 4567 8901", "nik"),
        ("NIP 198001012005011001", "nip"),
        ("NIP 19800101 200501 1 001", "nip"),
        ("ke budi.s+x@mail.go.id ya", "email"),
        ("akun @budi_77", "account"),
        ("lihat https://www.facebook.com/budi.s", "account"),
        ("wa.me/6281234", "account"),
        ("rekening 1234567890", "number"),
        ("mobil B 1234 XYZ", "plate"),
        ("saya bekerja di bagian keuangan", "own-work"),
        ("kami yang bertugas di loket 3", "own-work"),
        ("sebagai bendahara saya tahu", "own-work"),
        ("atasan saya", "own-work"),
        ("my office", "own-work"),
        ("pukul 14.30", "hour"),
        ("14:30 WIB", "hour"),
        ("saya melihat", "first-person"),
    ],
)
def test_found(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "Rp 1.500.000.000 pada 12.05.2024",
        "Rp150000000000",
        "tahun anggaran 2024, 15 orang",
        "di 2024 dan seterusnya",
        "pasal 12 ayat 3",
        "bendahara di bidang yang sama",
    ],
)
def test_left_alone(text: str) -> None:
    """Amounts, dates and the reported side are what the other office needs."""
    assert kinds(text) == []


def test_blacked_out() -> None:
    text = "Saya melihat bendahara; hubungi 0812 3456 7890 atau Siti di loket 3. SITI tahu."
    found = redaction.redact(text, hide=["siti", "loket 3"])
    assert found.text == f"Saya melihat bendahara; hubungi {MASK} atau {MASK} di {MASK}. {MASK} tahu."
    assert found.kinds == ("by-hand", "phone")
    assert redaction.redact(text, show=["0812 3456 7890"]).text == text


def test_longer_words_first() -> None:
    assert redaction.redact("Dinas PU Bina Marga", hide=["PU", "Dinas PU"]).text == f"{MASK} Bina Marga"


def test_what_is_withheld_says_kinds() -> None:
    original = "Siti, 0812 3456 7890, melihat"
    assert redaction.changed(original, original) == ()
    assert redaction.changed(original, redaction.redact(original).text) == ("phone",)
    assert redaction.changed(original, "melihat") == ("by-hand", "phone")
    assert redaction.changed(original, original.replace("Siti", "")) == ("by-hand",)


def test_each_kind_has_a_name() -> None:
    found = {kind for kind, _ in redaction.DETECTORS} | {"by-hand"}
    assert found == set(disposition.KINDS)
    assert found > MASKED


@given(
    st.text(st.sampled_from("aA0 8+62.@-/\nsaya rpB"), max_size=80), st.lists(st.text(max_size=6), max_size=3)
)
def test_nothing_of_a_mark_stays(text: str, hide: list[str]) -> None:
    """Whatever the text: marks lie inside it and never over another, and what is outside them stays."""
    marks = redaction.find(text)
    assert all(0 <= mark.start < mark.end <= len(text) for mark in marks)
    assert all(one.end <= other.start for one, other in pairwise(marks))
    found = redaction.redact(text, hide).text
    rest = found.split(MASK)
    at = 0
    for piece in rest:
        at = text.index(piece, at) + len(piece)
