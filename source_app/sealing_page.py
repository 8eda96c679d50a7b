"""The sealing page: one HTML file with all inside that locks a report without a network (decision 0020).

Pure: the same build, site and slices give the same bytes, so that its hash can be published.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from babel.dates import format_date

from crypto import calendar
from crypto.binding import b64
from crypto.fields import Epoch, OfficeId
from source_app.pages import Language, catalogue, environment
from store import site

FILE_NAME: Final = "peluit-sealing.html"

Slices = Mapping[OfficeId, Mapping[Epoch, bytes]]
"""The signed slices of each office that has any, by epoch."""


@dataclass(frozen=True)
class Parts:
    """What the build made for this page (source_app/web/build.mjs)."""

    script: str
    style: str


def compose(language: Language, parts: Parts, site_file: bytes, slices: Slices) -> bytes:
    """The page in one language as UTF-8; `site_file` are the bytes of site.json.

    ValueError if the build cannot stand inside a page as it is; any ProtocolError of a broken site file.
    """
    for text, end in ((parts.script, "</script"), (parts.script, "<!--"), (parts.style, "</style")):
        if end in text.lower():
            raise ValueError(f"the build holds {end}")
    template = environment().get_template("sealing.html")
    html = template.render(
        directory=_directory(site_file, slices),
        language=language,
        offices=[
            {"names": office.names, **_until(slices.get(office.id, {}), language)}
            for office in site.parse(site_file).offices
        ],
        policy=_policy(parts),
        script=parts.script,
        style=parts.style,
        t=catalogue(language)["page"],
    )
    return html.lstrip().encode()


def sha256_line(page: bytes, name: str = FILE_NAME) -> bytes:
    """What `sha256sum -c` reads."""
    return f"{hashlib.sha256(page).hexdigest()}  {name}\n".encode()


def _policy(parts: Parts) -> str:
    """Nothing is loaded, and nothing runs but the one script and the workers that it makes of itself."""
    return "; ".join(
        (
            "default-src 'none'",
            "connect-src 'none'",
            f"script-src '{_source_hash(parts.script)}'",
            f"style-src '{_source_hash(parts.style)}'",
            "worker-src blob:",
            "form-action 'none'",
            "base-uri 'none'",
        )
    )


def _source_hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _directory(site_file: bytes, slices: Slices) -> str:
    """JSON of the site and of all slices in b64, fit to stand inside a script element."""
    encoded = {
        office: {str(epoch): b64(each[epoch]) for epoch in sorted(each)}
        for office, each in sorted(slices.items())
    }
    text = json.dumps({"site": json.loads(site_file), "slices": encoded}, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _until(slices: Mapping[Epoch, bytes], language: Language) -> dict[str, str]:
    """The last day on which the page locks for an office, for machines and people; empty without keys."""
    if not slices:
        return {"until": "", "until_text": ""}
    day = calendar.last_day(max(slices))
    return {"until": day, "until_text": format_date(date.fromisoformat(day), "long", locale=language)}
