"""The landing page's files, rendered: the same facts give the same bytes."""

import io
import re
from pathlib import Path
from typing import Final

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from peluit.landing.facts import LANGUAGES, ROOT_LANGUAGE, Facts, Language, texts
from peluit.landing.poster import poster

_TEMPLATES: Final = Path(__file__).parent / "templates"
_QR_SCALE: Final = 7
_QUIET_ZONE: Final = 4


def render(facts: Facts) -> dict[str, bytes]:
    """Every file as path below the web root → bytes."""
    qr = segno.make(facts.url, error="m", micro=False)
    picture = io.BytesIO()
    qr.save(picture, kind="png", scale=_QR_SCALE, border=_QUIET_ZONE)
    size = int(qr.symbol_size(_QR_SCALE, _QUIET_ZONE)[0])
    return {
        **{f"{_folder(language)}index.html": _page(facts, language, size) for language in LANGUAGES},
        "style.css": (_TEMPLATES / "style.css").read_bytes(),
        "qr.png": picture.getvalue(),
        **{f"poster-{office.id}.pdf": poster(facts, office) for office in facts.offices},
    }


def _page(facts: Facts, language: Language, qr_size: int) -> bytes:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    other = next(candidate for candidate in LANGUAGES if candidate != language)
    page = environment.get_template("landing.html").render(
        facts=facts,
        language=language,
        other=other,
        other_path=_folder(other),
        qr_size=qr_size,
        t=texts(language),
        up="../" if _folder(language) else "./",
    )
    return re.sub(r">\s*\n\s*<", ">\n<", page.strip()).encode() + b"\n"


def _folder(language: Language) -> str:
    return "" if language == ROOT_LANGUAGE else f"{language}/"
