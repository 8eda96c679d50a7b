"""Checks of the apps: they answer, with exactly the headers that they should have."""

import http.client
import socket
from collections.abc import Iterator
from typing import Final

from hardening.headers import Kind, headers
from peluit.doctor.finding import Check, Finding
from peluit.doctor.installation import BINDS, Installation

_SECONDS: Final = 30
_ASKED: Final = {
    "source": (("/site.json", Kind.DATA), ("/id/", Kind.PAGE), ("/nothing-is-here", Kind.DATA)),
    "noscript": (("/id/", Kind.FORM_PAGE),),
    "journalist": (("/id/", Kind.FORM_PAGE),),
}
"""What is asked of each app, and what the answer is."""
_BETRAYING: Final = ("Server", "Date", "Set-Cookie", "ETag", "Last-Modified", "Via", "X-Powered-By")


class _Connection(http.client.HTTPConnection):
    """To a socket in the file system, or to a port of this machine."""

    def __init__(self, bind: str) -> None:
        super().__init__("localhost", timeout=_SECONDS)
        self._bind = bind

    def connect(self) -> None:
        if self._bind.startswith("unix:"):
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.settimeout(_SECONDS)
            self.sock.connect(self._bind.removeprefix("unix:"))
        else:
            host, _, port = self._bind.rpartition(":")
            self.sock = socket.create_connection((host, int(port)), _SECONDS)


def answers(installation: Installation) -> Iterator[Finding]:
    """Each app that belongs here."""
    for app, bind in installation.binds.items():
        if app == "noscript" and bind == BINDS[app] and not _has_noscript(installation):
            yield Finding(f"app {app}", "good", "There is no door without scripts here.")
        else:
            yield _app(app, bind)


def _app(app: str, bind: str) -> Finding:
    check, restart = f"app {app}", f"systemctl restart peluit-{app}.service"
    for path, kind in _ASKED[app]:
        try:
            status, found = _ask(bind, path)
        except PermissionError:
            return Finding(check, "unknown", "This account may not use its socket; root may.")
        except (OSError, http.client.HTTPException):
            return Finding(check, "bad", "It does not answer.", restart)
        if status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
            return Finding(check, "bad", f"It answers with an error ({status}).", restart)
        wrong = _wrong(found, kind)
        if wrong:
            says = f"Its answers have other headers than they should: {', '.join(wrong)}."
            return Finding(check, "bad", says, restart)
    return Finding(check, "good", "It answers, with exactly the headers that it should have.")


def _ask(bind: str, path: str) -> tuple[int, dict[str, str]]:
    connection = _Connection(bind)
    try:
        connection.request("GET", path, headers={"Host": "localhost"})
        answer = connection.getresponse()
        answer.read()
        return answer.status, dict(answer.getheaders())
    finally:
        connection.close()


def _wrong(found: dict[str, str], kind: Kind) -> list[str]:
    wanted = headers(kind)
    return [name for name, value in wanted.items() if found.get(name) != value] + [
        name for name in _BETRAYING if name in found
    ]


def _has_noscript(installation: Installation) -> bool:
    unit = installation.etc / "systemd" / "system" / "peluit-noscript.service"
    return unit.exists() or (installation.run / "peluit-noscript").exists()


CHECKS: Final[tuple[Check, ...]] = (answers,)
