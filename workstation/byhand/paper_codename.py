"""The sheet for somebody whose report was taken in by hand: eight words, and how to come back.

One HTML file that needs nothing else and prints on A4, in the sender's language. It holds the only copy of
the words: whoever printed it destroys the file.
"""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crypto import fingerprint
from crypto.directory import Office
from workstation import files, watermark
from workstation.errors import FileExistsAlreadyError

_PAGE: Final = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
@page {{ size: A4; margin: 20mm }}
body {{ font: 13pt/1.5 sans-serif; color: #000; background: #fff; max-width: 170mm; margin: auto }}
h1 {{ font-size: 20pt; margin: 8mm 0 2mm }}
p, li {{ margin: 2mm 0 }}
.code {{ font: bold 18pt/1.7 monospace; border: 1mm solid #000; padding: 4mm; columns: 2 }}
.seen {{ border-left: 2mm solid #000; padding-left: 4mm; font-weight: bold }}
</style>
</head>
<body>
{mark}<h1>{title}</h1>
<p>{lead}</p>
<ol class="code">{words}</ol>
<p class="seen">{seen}</p>
<h2>{how}</h2>
<ol>{steps}</ol>
</body>
</html>
"""

_TITLE: Final = {"en": "Your codename", "id": "Frasa sandi rahasia Anda"}
_LEAD: Final = {
    "en": "These eight words are the only key to the answers. {office} has not kept them, cannot restore "
    "them, and will never ask you for them.",
    "id": "Delapan kata ini satu-satunya kunci untuk membaca jawaban. {office} tidak menyimpannya, tidak "
    "dapat memulihkannya, dan tidak akan pernah menanyakannya.",
}
_SEEN: Final = {
    "letter": {
        "en": "Whoever carried this letter may have read these words.",
        "id": "Siapa pun yang membawa surat ini mungkin telah membaca kata-kata ini.",
    },
    "sms": {
        "en": "These words went through the channel that you wrote on: the operator, the company and whoever "
        "holds your phone can read them there. Erase that message. For what is dangerous, make a new report "
        "on the page instead.",
        "id": "Kata-kata ini lewat saluran yang Anda pakai: operator, perusahaan penyedia, dan siapa pun "
        "yang memegang ponsel Anda dapat membacanya. Hapus pesan itu. Untuk hal yang berbahaya, "
        "buatlah laporan baru di halaman laporan.",
    },
    "visit": {
        "en": "The person who took this in has seen these words. For what is dangerous, make a new report on "
        "the page instead.",
        "id": "Petugas yang mencatat laporan ini telah melihat kata-kata ini. Untuk hal yang berbahaya, "
        "buatlah laporan baru di halaman laporan.",
    },
}
_HOW: Final = {"en": "How to read the answer", "id": "Cara membaca jawaban"}
_STEPS: Final = {
    "en": (
        "Use your own phone and your own connection, not the office's. Install Tor Browser.",
        "Open the address on the poster of {office}. These words must stand on the page: {fingerprint}",
        "Choose “I have a codename” and type the eight words, after a few days for the first time.",
        "Keep this paper where nobody finds it, or learn the words and destroy it.",
    ),
    "id": (
        "Pakai ponsel dan sambungan milik sendiri, bukan milik kantor. Pasang Tor Browser.",
        "Buka alamat pada poster {office}. Kata-kata ini harus ada di halaman itu: {fingerprint}",
        "Pilih “Sudah punya frasa sandi” dan ketik delapan kata tadi, pertama kali setelah beberapa hari.",
        "Simpan kertas ini di tempat yang tidak ditemukan orang, atau hafalkan lalu musnahkan.",
    ),
}


@dataclass(frozen=True)
class Sheet:
    """What stands on it, as plain text."""

    language: str
    title: str
    lead: str
    words: tuple[str, ...]
    seen: str
    how: str
    steps: tuple[str, ...]


def sheet(office: Office, words: Sequence[str], language: str, arrival: str) -> Sheet:
    """The sheet for a codename that goes back the way the report came."""
    names = {
        "office": office.names[language],
        "fingerprint": " ".join(fingerprint.spoken(office.root, language)),
    }
    seen: Mapping[str, str] = _SEEN["sms" if arrival == "social" else arrival]
    steps = tuple(step.format(**names) for step in _STEPS[language])
    lead = _LEAD[language].format(**names)
    return Sheet(language, _TITLE[language], lead, tuple(words), seen[language], _HOW[language], steps)


def page(office: Office, what: Sheet) -> str:
    """The file."""
    marks = (f"<p><strong>{line}</strong></p>\n" for line in watermark.lines(office.instance) if line)
    return _PAGE.format(
        language=what.language,
        mark="".join(marks),
        title=html.escape(what.title),
        lead=html.escape(what.lead),
        words=_items(what.words),
        seen=html.escape(what.seen),
        how=html.escape(what.how),
        steps=_items(what.steps),
    )


def write(office: Office, what: Sheet, path: Path) -> None:
    """Writes it to a new file; FileExistsAlreadyError, NotAFolderError, DiskFullError, CannotWriteError."""
    try:
        files.write_new(path, [page(office, what).encode()])
    except FileExistsError:
        raise FileExistsAlreadyError(path=path) from None


def _items(texts: Sequence[str]) -> str:
    return "".join(f"<li>{html.escape(text)}</li>" for text in texts)
