"""The poster for letter writers: where the drop box is, as words and as a QR code, and its fingerprint.

One HTML file that needs nothing else and prints on A4, in both languages. It holds nothing secret.
"""

import html
import re
from pathlib import Path
from typing import Final

from crypto import fingerprint
from crypto.directory import Office
from workstation import files
from workstation.errors import AddressError, FileExistsAlreadyError

_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9.:/_~-]{4,200}\Z")
_PAGE: Final = """<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
@page {{ size: A4; margin: 15mm }}
body {{ font: 14pt/1.4 sans-serif; color: #000; background: #fff; max-width: 180mm }}
body {{ margin: auto; text-align: center }}
h1 {{ font-size: 26pt; margin: 4mm 0 }}
p {{ margin: 2mm 0 }}
svg {{ width: 70mm; height: 70mm }}
.code {{ font: bold 13pt/1.5 monospace; overflow-wrap: anywhere }}
</style>
</head>
<body>
<section lang="id">
<h1>Lapor tanpa nama</h1>
<p>{name_id}</p>
<p>Pakai ponsel sendiri, bukan Wi-Fi kantor. Pasang Tor Browser, lalu buka alamat ini:</p>
</section>
{qr}
<p class="code">{address}</p>
<section lang="id">
<p>Halaman yang asli menampilkan kata-kata ini. Jika berbeda, jangan mengirim apa pun.</p>
<p class="code">{words_id}</p>
</section>
<section lang="en">
<h2>Report without a name</h2>
<p>{name_en}. Use your own phone, not the office's Wi-Fi. Install Tor Browser and open this address.
The real page shows these words:</p>
<p class="code">{words_en}</p>
</section>
</body>
</html>
"""


def page(office: Office, address: str) -> str:
    """The poster; AddressError."""
    if not _ADDRESS.match(address):
        raise AddressError
    return _PAGE.format(
        title=html.escape(office.names["id"]),
        name_id=html.escape(office.names["id"]),
        name_en=html.escape(office.names["en"]),
        qr=_qr(address),
        address=html.escape(address),
        words_id=" ".join(fingerprint.spoken(office.root, "id")),
        words_en=" ".join(fingerprint.spoken(office.root, "en")),
    )


def write(office: Office, address: str, path: Path) -> None:
    """Writes it to a new file; AddressError, FileExistsAlreadyError, DiskFullError, CannotWriteError."""
    try:
        files.write_new(path, [page(office, address).encode()])
    except FileExistsError:
        raise FileExistsAlreadyError(path=path) from None


def _qr(text: str) -> str:
    """A QR code as SVG."""
    import segno  # brings modules of the network along, which no other command needs

    return segno.make(text, error="m", micro=False).svg_inline(omitsize=True, title=text)
