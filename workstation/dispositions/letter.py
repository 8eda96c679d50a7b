"""The letter to an office that is not connected (surat pengantar): one HTML file that prints on A4.

It holds the redacted texts and nothing else of the case: no number of it, no evidence, no days of the
reporter's. Whoever hands it over signs it by hand.
"""

import html
from collections.abc import Iterable
from typing import Final

from crypto.disposition import Disposition
from workstation import terminal, texts
from workstation.offices.registry import Office
from workstation.station import Station
from workstation.texts import _

_PAGE: Final = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
@page {{ size: A4; margin: 20mm }}
body {{ font: 12pt/1.5 serif; color: #000; background: #fff; max-width: 170mm; margin: auto }}
h1 {{ font-size: 16pt; text-align: center; margin: 8mm 0 }}
h2 {{ font-size: 12pt; margin: 6mm 0 1mm; break-after: avoid }}
p, ul, table {{ margin: 1mm 0 }}
th {{ text-align: left; vertical-align: top; padding-right: 6mm; font-weight: normal }}
.words {{ white-space: pre-wrap; overflow-wrap: anywhere }}
.sign {{ margin-top: 20mm; break-inside: avoid }}
</style>
</head>
<body>
<p>{sender}</p>
<h1>{title}</h1>
<table>
{rows}
</table>
{text}
{answers}
<h2>{withheld_title}</h2>
<ul>
{withheld}
</ul>
<p>{secrecy}</p>
<div class="sign"><p>{place}</p><p>{signature}</p></div>
</body>
</html>
"""


def page(station: Station, office: Office, document: Disposition) -> str:
    """The letter, in the language in use."""
    names = station.directory.office.names
    rows = [
        (_("To"), f"{texts.named(office.names)}{', ' + office.liaison if office.liaison else ''}"),
        (_("Subject"), document.subject),
        (_("Number"), document.id.hex()[:12]),
        (_("Day"), document.day),
        (_("Answer wanted by"), str(document.due)),
    ]
    return _PAGE.format(
        language=texts.language(),
        title=_escape(_("Covering letter of a disposition")),
        sender=_escape(texts.named(names)),
        rows="\n".join(f"<tr><th>{_escape(name)}</th><td>{_escape(value)}</td></tr>" for name, value in rows),
        text=f'<p class="words">{_escape(document.text)}</p>' if document.text else "",
        answers="\n".join(
            f'<h2>{_escape(title)}</h2>\n<p class="words">{_escape(text)}</p>'
            for title, text in document.answers
        ),
        withheld_title=_escape(_("Not passed on")),
        withheld=_items(document.withheld),
        secrecy=_escape(
            _("Do not look for whoever reported this, and show this letter to nobody who is named in it.")
        ),
        place="……………………, ……………………",
        signature=_escape(_("(name, office, stamp)")),
    )


def _items(lines: Iterable[str]) -> str:
    return "\n".join(f"<li>{_escape(line)}</li>" for line in lines)


def _escape(untrusted_text: str) -> str:
    return "\n".join(html.escape(line) for line in terminal.safe_lines(untrusted_text))
