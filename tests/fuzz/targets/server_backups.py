"""What a new server and a station read of a server's backup."""

import io
from collections.abc import Iterator

from crypto import server_backup
from crypto.errors import ProtocolError
from crypto.open.server_backup import Body
from crypto.server_backup import body_key, read_code, read_head, spell
from peluit import backup_archive
from peluit.backup_errors import BackupDamagedError
from tests.fuzz.target import Target, text
from tests.vectors.server_backups import BODY, vectors

_GIVEN = next(body["input"] for name, body in vectors() if name == "server-backup-body")
_WHOLE = bytes.fromhex(_GIVEN["file"])
_HEAD = read_head(io.BytesIO(_WHOLE))
_KEY = body_key(read_code(_GIVEN["code"]), _HEAD)
_START = len(_HEAD.data) + server_backup.COMMITMENT_SIZE


def _head(data: bytes) -> None:
    found = read_head(io.BytesIO(data))
    assert server_backup.write_head(found.instance, found.day, found.offices) == found.data


def _code(data: bytes) -> None:
    code = read_code(text(data))
    assert read_code(spell(code)) == code


def _body(data: bytes) -> None:
    assert Body(io.BytesIO(data), _KEY).readall() == BODY


def _archive(data: bytes) -> None:
    paths: list[str] = []

    def take(path: str, size: int, pieces: Iterator[bytes]) -> None:
        assert sum(map(len, pieces)) == size
        assert not path.startswith("/") and ".." not in path.split("/")
        paths.append(path)

    backup_archive.read(io.BytesIO(data), take)
    assert len(set(paths)) == len(paths)


TARGETS = (
    Target("server-backup-head", _head, (ProtocolError,), lambda: [_WHOLE]),
    Target("server-backup-code", _code, (ProtocolError,), lambda: [_GIVEN["code"].encode()]),
    Target("server-backup-body", _body, (ProtocolError,), lambda: [_WHOLE[_START:]]),
    Target("server-backup-archive", _archive, (BackupDamagedError,), lambda: [BODY]),
)
