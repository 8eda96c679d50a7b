"""What the tests ask of a running tor: control-spec's commands, over the Unix socket in its folder."""

import socket
from base64 import b32decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self


class ControlError(Exception):
    """tor refused a command, or went away."""


class Control:
    """A control connection. The folder's rights say who may have one, so nothing else is asked for."""

    def __init__(self, path: Path) -> None:
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.settimeout(60)
        self._lines = self._connection.makefile("r", encoding="utf-8", newline="\r\n")
        try:
            self._connection.connect(str(path))
            self.ask("AUTHENTICATE")
        except BaseException:
            self._close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def ask(self, command: str) -> list[str]:
        """The lines of the answer without their codes and without the last, `OK`; ControlError."""
        self._connection.sendall(f"{command}\r\n".encode())
        said: list[str] = []
        while True:
            line = self._line()
            if line[:3] != "250":
                raise ControlError(f"{command.split()[0]}: {line}")
            if line[3] == " ":
                return said
            said.append(line[4:])
            if line[3] == "+":
                said += iter(self._line, ".")

    def info(self, key: str) -> str:
        """What GETINFO says of one key."""
        return "\n".join(self.ask(f"GETINFO {key}")).partition("=")[2].strip()

    def close_circuits(self) -> int:
        """Breaks every circuit that is built, as when a relay goes away; how many there were."""
        built = [line.split()[0] for line in self.info("circuit-status").splitlines() if " BUILT " in line]
        for circuit in built:
            self.ask(f"CLOSECIRCUIT {circuit}")
        return len(built)

    @contextmanager
    def key(self, onion: str, private: str) -> Iterator[None]:
        """This tor has the (base32) key of a client of an onion service, as typed into Tor Browser's box."""
        name = onion.removesuffix(".onion")
        self.ask(f"ONION_CLIENT_AUTH_ADD {name} x25519:{b64encode(b32decode(private + '====')).decode()}")
        yield
        self.ask(f"ONION_CLIENT_AUTH_REMOVE {name}")

    def _close(self) -> None:
        self._lines.close()
        self._connection.close()

    def _line(self) -> str:
        line = self._lines.readline()
        if not line:
            raise ControlError("tor closed the control connection")
        return line.rstrip("\r\n")
