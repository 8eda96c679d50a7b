"""The cards that the participants of a workshop get: who they are, with which passphrase. Prints on A4."""

import html
from typing import Final

from crypto.directory import Office
from workstation import watermark
from workstation.ceremony import Passphrases

_PAGE: Final = """<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<title>{mark}</title>
<style>
@page {{ size: A4; margin: 15mm }}
body {{ font: 13pt/1.5 sans-serif; color: #000; background: #fff; max-width: 180mm; margin: auto }}
section {{ border: .5mm dashed #000; padding: 5mm; margin: 5mm 0; break-inside: avoid }}
h2 {{ margin: 0 }}
.pass {{ font: bold 15pt/1.6 monospace }}
</style>
</head>
<body>
<h1>{mark}</h1>
{cards}
</body>
</html>
"""
_CARD: Final = """<section>
<p>{mark}</p>
<h2>{id}</h2>
<p>{title}</p>
<p>Kata sandi / passphrase:<br><span class="pass">{passphrase}</span></p>
</section>
"""


def page(office: Office, spoken: Passphrases) -> str:
    """One card for each reviewer, and one for the key of the office, which the trainer keeps."""
    cards = [(each.id, f"{each.titles['id']} / {each.titles['en']}") for each in office.reviewers]
    written = [_card(id_, title, spoken.reviewers[id_]) for id_, title in cards]
    written.append(_card("office", "Kunci kantor (pelatih) / key of the office (trainer)", spoken.office))
    return _PAGE.format(mark=watermark.LINE, cards="".join(written))


def _card(name: str, title: str, passphrase: str) -> str:
    return _CARD.format(
        mark=watermark.LINE,
        id=html.escape(name),
        title=html.escape(title),
        passphrase=html.escape(passphrase),
    )
