"""The vectors of a server's backup (docs/protocol.md section 16), which Python alone reads."""

import io
from collections.abc import Callable, Iterator
from typing import Any

from crypto import server_backup
from crypto.canonical import dump
from crypto.fields import Day, Epoch, InstanceId, OfficeId, ReviewerId
from crypto.keypairs import KemKeyPair
from crypto.open.server_backup import Body, open_code
from crypto.seal.server_backup import Recipients, seal

Vector = tuple[str, dict[str, Any]]

INSTANCE, OFFICE, DAY, EPOCH = (
    InstanceId(bytes(range(16))),
    OfficeId("kota-contoh"),
    Day("2026-11-23"),
    Epoch(2968),
)
SEEDS = {ReviewerId(f"r{n}"): bytes([n]) * 32 for n in (1, 2)}
BODY = b"\x00\x01a" + (3).to_bytes(8) + b"xyz" + bytes(2)


def _open_code(given: dict[str, Any]) -> dict[str, Any]:
    head = server_backup.read_head(io.BytesIO(bytes.fromhex(given["file"])))
    key = KemKeyPair.from_seed(bytes.fromhex(given["seed"]))
    code = open_code(head, OfficeId(given["office"]), ReviewerId(given["reviewer"]), key)
    return {"code": server_backup.spell(code), "day": head.day, "instance": head.instance.hex()}


def _open_body(given: dict[str, Any]) -> dict[str, Any]:
    file = io.BytesIO(bytes.fromhex(given["file"]))
    head = server_backup.read_head(file)
    key = server_backup.body_key(server_backup.read_code(given["code"]), head)
    return {"body": Body(file, key).readall().hex()}


CALLS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "open-server-backup-code": _open_code,
    "open-server-backup": _open_body,
}


def vectors() -> Iterator[Vector]:
    """Every one of them, with its file's name."""
    keys = {reviewer: KemKeyPair.from_seed(seed).public for reviewer, seed in SEEDS.items()}
    whole = b"".join(seal(INSTANCE, DAY, {OFFICE: Recipients(EPOCH, keys)}, [BODY]))
    given = {"file": whole.hex(), "office": OFFICE, "reviewer": "r2", "seed": SEEDS[ReviewerId("r2")].hex()}
    code = _open_code(given)
    yield _good("code", "the code for one of two reviewers", "open-server-backup-code", given, code)
    for name, about, change, error in (
        ("other-reviewer", "another's stanza", {"reviewer": "r1"}, "cannot-open"),
        ("no-reviewer", "a reviewer who is not there", {"reviewer": "r3"}, "cannot-open"),
        ("other-office", "an office that is not there", {"office": "kota-lain"}, "cannot-open"),
        (
            "head-changed",
            "another day in the head",
            {"file": _other(whole, DAY, "2026-11-22")},
            "cannot-open",
        ),
        ("magic", "another first line", {"file": _other(whole, "backup/1", "backup/2")}, "malformed"),
        ("suite", "another suite", {"file": _other(whole, "peluit/1", "peluit/2")}, "wrong-version"),
        ("head-cut", "less than the head", {"file": whole[:2_000].hex()}, "malformed"),
        ("no-offices", "for nobody", {"file": _headed({"offices": []})}, "malformed"),
    ):
        yield _bad(name, about, "open-server-backup-code", given | change, error)
    opened = {"code": code["code"], "file": whole.hex()}
    yield _good("body", "opened with its code", "open-server-backup", opened, {"body": BODY.hex()})
    for name, about, change, error in (
        ("wrong-code", "another backup's code", {"code": "-".join(["00001"] * 8)}, "cannot-open"),
        ("no-code", "a group above 65,535", {"code": "-".join(["65536"] * 8)}, "malformed"),
        ("body-cut", "without the last byte", {"file": whole[:-1].hex()}, "cannot-open"),
        ("body-none", "without a chunk", {"file": whole[: -len(BODY) - 16].hex()}, "malformed"),
        ("body-longer", "with a byte behind the end", {"file": whole.hex() + "00"}, "cannot-open"),
        (
            "body-flip",
            "one bit changed",
            {"file": (whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:]).hex()},
            "cannot-open",
        ),
    ):
        yield _bad(name, about, "open-server-backup", opened | change, error)


def _other(whole: bytes, old: str, new: str) -> str:
    assert old.encode() in whole
    return whole.replace(old.encode(), new.encode(), 1).hex()


def _headed(changes: dict[str, Any]) -> str:
    head = {"day": DAY, "instance": "AAECAwQFBgcICQoLDA0ODw", "kind": "server-backup", "suite": "peluit/1"}
    body = dump(head | changes)
    return (server_backup.MAGIC + len(body).to_bytes(4) + body + bytes(64)).hex()


def _good(name: str, about: str, call: str, given: dict[str, Any], output: dict[str, Any]) -> Vector:
    return f"server-backup-{name}", {"about": about, "call": call, "input": given, "output": output}


def _bad(name: str, about: str, call: str, given: dict[str, Any], error: str) -> Vector:
    return f"server-backup-{name}", {"about": about, "call": call, "input": given, "error": error}
