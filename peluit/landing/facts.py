"""What the landing page and the poster tell, and in which words."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from hardening.deploy.tor.address import OnionAddress

Language = Literal["id", "en"]

LANGUAGES: Final[tuple[Language, ...]] = ("id", "en")
ROOT_LANGUAGE: Final[Language] = "id"

_HERE: Final = Path(__file__).parent


@dataclass(frozen=True)
class Office:
    """An office: its names, and its root key's fingerprint as digits and as words (docs/protocol.md 4)."""

    id: str
    names: Mapping[str, str]
    digits: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Facts:
    """An installation, as the world may know it."""

    onion: OnionAddress
    offices: tuple[Office, ...]

    @property
    def url(self) -> str:
        return f"http://{self.onion}/"


def texts(language: Language) -> dict[str, str]:
    """The words of one language."""
    found: dict[str, str] = json.loads((_HERE / "locales" / f"{language}.json").read_text("utf-8"))
    return found
