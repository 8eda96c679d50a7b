"""The sheet that is printed at the ceremony: the fingerprint of the office's root key, for poster and safe.

One HTML file that needs nothing else: it prints on A4, and says the same in both languages, so that it does
not matter who reads it. It holds nothing secret.
"""

import html
from collections.abc import Sequence
from pathlib import Path

from crypto import fingerprint
from crypto.directory import Office
from workstation import files
from workstation.errors import FileExistsAlreadyError

_PAGE = """<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
@page {{ size: A4; margin: 20mm }}
body {{ font: 14pt/1.5 sans-serif; color: #000; background: #fff; max-width: 170mm; margin: auto }}
h1 {{ font-size: 22pt; margin: 10mm 0 0 }}
h2 {{ font-size: 14pt; margin: 10mm 0 2mm }}
p {{ margin: 2mm 0 }}
.code {{ font: bold 20pt/1.6 monospace; border: 1mm solid #000; padding: 4mm; word-spacing: 2mm }}
section {{ break-inside: avoid }}
</style>
</head>
<body>
<section lang="id">
<h1>{name_id}</h1>
<p>Sidik kunci kotak laporan. Halaman laporan yang asli menampilkan kata dan angka yang sama.
Jika berbeda, jangan mengirim apa pun.</p>
<h2>Kata</h2>
<p class="code">{words_id}</p>
</section>
<section lang="en">
<h1>{name_en}</h1>
<p>Fingerprint of the drop box. The real page shows the same words and digits.
If they differ, send nothing.</p>
<h2>Words</h2>
<p class="code">{words_en}</p>
</section>
<section>
<h2>Angka · Digits</h2>
<p class="code">{digits}</p>
</section>
</body>
</html>
"""


def page(office: Office) -> str:
    """The sheet."""
    names = {language: html.escape(name) for language, name in office.names.items()}
    return _PAGE.format(
        title=f"{names['id']} · {names['en']}",
        name_id=names["id"],
        name_en=names["en"],
        words_id=_in_rows(fingerprint.spoken(office.root, "id")),
        words_en=_in_rows(fingerprint.spoken(office.root, "en")),
        digits=_in_rows(fingerprint.digits(office.root)),
    )


def _in_rows(parts: Sequence[str]) -> str:
    half = len(parts) // 2
    return f"{' '.join(parts[:half])}<br>\n{' '.join(parts[half:])}"


def write(office: Office, path: Path) -> None:
    """Writes it to a new file; FileExistsAlreadyError, DiskFullError, CannotWriteError, NotAFolderError."""
    try:
        files.write_new(path, [page(office).encode()])
    except FileExistsError:
        raise FileExistsAlreadyError(path=path) from None
