"""Writes the vectors. `python -m tests.vectors.generate`; see README.md beside this file."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crypto import board, calendar, canonical, codename, deletion, directory, fingerprint, hints
from crypto.binding import b64, bind, derive
from crypto.constants import PAGE_SLOTS
from crypto.evidence import blob_identity
from crypto.fields import ChannelId, InstanceId, OfficeId, ReviewerId
from crypto.item import Context, header, payload_keys
from crypto.kem import wrap
from crypto.message import Message, Text, sign_message
from crypto.padding import add_length, padme
from crypto.seal.blob import BlobSealer
from crypto.seal.item import seal_item
from crypto.seal.reply import fill_pages
from crypto.words import words
from tests.vectors import bundles, forms, identities, messages, replies, sealed_files
from tests.vectors.office import (
    CONTEXT,
    DAY,
    DIRECTORY,
    EPOCH,
    INSTANCE,
    KEYS,
    MESSAGE,
    REPORTER,
    ROOT,
    SEED,
    SIGN,
    THREAD,
    TITLES,
    Vector,
    vector,
)
from tests.vectors.run import make_file

FOLDER = Path(__file__).parent


def binding() -> Iterator[Vector]:
    parts = [b"", b"ab", bytes(300)]
    given = {"purpose": "item", "parts": [p.hex() for p in parts]}
    yield vector(
        "bind", "framing of three parts", "bind", given, output={"bytes": bind("item", *parts).hex()}
    )
    given = {"purpose": "item", "parts": []}
    yield vector("bind-nothing", "no parts", "bind", given, output={"bytes": bind("item").hex()})
    for name, salt in (("derive", b""), ("derive-salt", bytes(32))):
        given = {"key": SEED.hex(), "purpose": "hint-key", "salt": salt.hex()}
        yield vector(name, "HKDF", "derive", given, output={"bytes": derive(SEED, "hint-key", salt).hex()})
    given = {"text": b64(INSTANCE), "size": 16}
    yield vector("b64", "16 bytes", "unb64", given, output={"bytes": INSTANCE.hex()})
    bad = {
        "padded": ("AAECAw==", 4),
        "alphabet": ("AAE+", 3),
        "trailing-bits": ("AAECBB", 4),
        "short": ("AAEC", 4),
        "one-left": ("AAECA", 3),
        "newline": ("AAEC\n", 3),
        "not-text": (7, 3),
    }
    for name, (text, size) in bad.items():
        yield vector(f"b64-{name}", name, "unb64", {"text": text, "size": size}, error="malformed")


def canonical_json() -> Iterator[Vector]:
    good = {
        "empty": b"{}",
        "nested": b'{"a":[1,{"b":null}],"c":"\\n\\u001f\xc3\xa9\xf0\x9f\x98\x80/\x7f"}',
        "max": b"9007199254740991",
        "deep": b"[" * 16 + b"]" * 16,
        "false": b"false",
    }
    for name, data in good.items():
        yield vector(f"canonical-{name}", name, "parse-canonical", {"data": data.hex()}, output={})
    bad = {
        "space": (b'{"a": 1}', "not-canonical"),
        "order": (b'{"b":1,"a":2}', "not-canonical"),
        "double-key": (b'{"a":1,"a":1}', "not-canonical"),
        "escaped-slash": (b'"\\/"', "not-canonical"),
        "escaped-letter": (b'"\\u0061"', "not-canonical"),
        "plus-zero": (b"1.0", "malformed"),
        "negative-zero": (b"-0", "not-canonical"),
        "exponent": (b"1e2", "malformed"),
        "float": (b"1.5", "malformed"),
        "too-big": (b"9007199254740992", "malformed"),
        "too-deep": (b"[" * 17 + b"]" * 17, "malformed"),
        "very-deep": (b"[" * 100_000, "malformed"),
        "surrogate": (b'"\\ud800"', "malformed"),
        "utf8": (b'"\xff"', "malformed"),
        "bom": (b"\xef\xbb\xbf{}", "malformed"),
        "nothing": (b"", "malformed"),
        "two": (b"{}{}", "malformed"),
        "nan": (b"NaN", "malformed"),
        "key": (b'{"\xc3\xa9":1}', "malformed"),
        "trailing-newline": (b"{}\n", "not-canonical"),
    }
    for name, (data, kind) in bad.items():
        yield vector(f"canonical-bad-{name}", name, "parse-canonical", {"data": data.hex()}, error=kind)


def signatures() -> Iterator[Vector]:
    document = directory.sign_slice(DIRECTORY, EPOCH, ROOT)
    key = ROOT.verify_key.encode()

    def case(
        name: str, about: str, doc: bytes, purpose: str = "slice", by: bytes = key, **result: Any
    ) -> Vector:
        given = {"document": doc.hex(), "purpose": purpose, "key": by.hex()}
        return vector(f"signed-{name}", about, "verify-signed", given, **result)

    yield case("good", "a slice", document, output={})
    yield case("purpose", "another purpose", document, "directory", error="bad-signature")
    yield case("key", "another key", document, by=SIGN.verify_key.encode(), error="bad-signature")
    yield case(
        "flip", "one bit of the text", document[:-1] + bytes([document[-1] ^ 1]), error="bad-signature"
    )
    yield case("short", "no text", document[:64], error="malformed")
    small_order = bytes([1]) + bytes(31)
    yield case(
        "small-order",
        "the neutral point as key",
        bytes([1]) + bytes(63) + b"{}",
        by=small_order,
        error="bad-signature",
    )
    spaced = document[64:].replace(b":", b": ", 1)
    signature = ROOT.sign(bind("slice", spaced)).signature
    yield case("spelling", "signed, but not canonical", signature + spaced, error="not-canonical")


def codenames() -> Iterator[Vector]:
    for language in ("id", "en"):
        listed = words(language)
        eight = [listed[i * 251] for i in range(8)]
        typed = {
            "plain": " ".join(eight),
            "stems": " ".join(w[:4] for w in eight),
            "capitals": "-".join(eight).upper(),
            "lines": "\r\n".join(eight) + "\n",
            "commas": ", ".join(w[:5] for w in eight),
            "numbered": " ".join(f"{i}. {w}" for i, w in enumerate(eight, 1)),
        }
        for name, text in typed.items():
            out = {"canonical": codename.read(text)}
            yield vector(f"codename-{language}-{name}", name, "read-codename", {"text": text}, output=out)
        bad = {
            "seven": " ".join(eight[:7]),
            "nine": " ".join([*eight, eight[0]]),
            "unknown": " ".join([*eight[:7], "qqqq"]),
            "three-letters": " ".join([*eight[:7], eight[7][:3]]),
            "longer": " ".join([*eight[:7], eight[7] + "x"]),
            "nothing": "",
            "glued": "".join(eight),
            "kelvin": " ".join(
                [*eight[:7], next(w for w in words(language) if "k" in w[:4]).replace("k", "\u212a")]
            ),
            "accent": " ".join([*eight[:7], eight[7][0] + "\u0301" + eight[7][1:]]),
        }
        for name, text in bad.items():
            yield vector(
                f"codename-{language}-bad-{name}", name, "read-codename", {"text": text}, error="unknown-word"
            )
    eight = [words("id")[i * 250 + 7] for i in range(8)]
    seed = codename.stretch(codename.read(" ".join(eight)), INSTANCE)
    keys = codename.keys(seed)
    out = {
        "seed": seed.hex(),
        "sign": keys.verify.hex(),
        "reply": keys.reply.public.hex(),
        "hint": keys.hint.hex(),
        "deletion": keys.deletion.hex(),
        "upload": keys.upload.hex(),
        "thread": codename.thread_id(keys.verify).hex(),
    }
    given = {"text": " ".join(eight), "instance": INSTANCE.hex()}
    yield vector("codename-keys", "everything a codename gives", "codename-keys", given, output=out)
    root = ROOT.verify_key.encode()
    spoken = {language: list(fingerprint.spoken(root, language)) for language in ("en", "id")}
    out_fp = {"digits": list(fingerprint.digits(root)), **spoken}
    yield vector("fingerprint", "a root key", "fingerprint", {"root": root.hex()}, output=out_fp)


def slices() -> Iterator[Vector]:
    key = ROOT.verify_key.encode()
    good = directory.sign_slice(DIRECTORY, EPOCH, ROOT)

    def case(
        name: str,
        about: str,
        document: bytes = good,
        *,
        day: str = DAY,
        root: bytes = key,
        instance: bytes = INSTANCE,
        office: str = "kota-contoh",
        **result: Any,
    ) -> Vector:
        given = {
            "slice": document.hex(),
            "root": root.hex(),
            "instance": instance.hex(),
            "office": office,
            "day": day,
        }
        return vector(f"slice-{name}", about, "check-slice", given, **result)

    def changed(**change: Any) -> bytes:
        body = canonical.parse(good[64:])
        assert isinstance(body, dict)
        text = canonical.dump({k: v for k, v in (body | change).items() if v is not ...})
        return ROOT.sign(bind("slice", text)).signature + text

    nobody: dict[str, Any] = {"custodians": [], "needed": 0}
    fine = {"epoch": EPOCH, "forms": {"aduan": ["category", "what", "who"]}, "serial": 3} | nobody
    yield case("good", "this week's", output=fine)
    last = calendar.last_day(EPOCH)
    yield case("day-late", "one day after its end", day=calendar.add_days(last, 1), output=fine)
    yield case("day-early", "one day before its start", day=calendar.add_days(last, -7), output=fine)
    yield case("expired", "two days after its end", day=calendar.add_days(last, 2), error="expired")
    yield case("too-early", "two days before its start", day=calendar.add_days(last, -8), error="wrong-epoch")
    yield case("forged", "signed by another key", root=SIGN.verify_key.encode(), error="bad-signature")
    yield case("instance", "of another instance", instance=bytes(16), error="wrong-context")
    yield case("office", "of another office", office="kota-lain", error="wrong-context")
    yield case(
        "root-inside",
        "names another root",
        changed(root=b64(SIGN.verify_key.encode())),
        error="wrong-context",
    )
    yield case("unknown-field", "a field nobody knows", changed(extra=1), error="malformed")
    yield case("no-keys", "a field missing", changed(keys=...), error="malformed")
    yield case(
        "key-missing",
        "a reviewer without key",
        changed(keys={"r1": b64(KEYS[ReviewerId("r1")].public)}),
        error="malformed",
    )
    yield case("suite", "another suite", changed(suite="peluit/2"), error="wrong-version")
    yield case("kind", "a directory called slice", changed(kind="directory"), error="malformed")
    yield case(
        "expires", "expires on a day that is not its last", changed(expires="2027-11-23"), error="malformed"
    )
    yield case("no-such-day", "expires on 30 February", changed(expires="2026-02-30"), error="malformed")
    channel = {
        "family": "none",
        "form": "aduan",
        "id": "aduan",
        "kind": "aduan",
        "recipients": ["r1"],
        "titles": TITLES,
    }
    stranger = [channel | {"recipients": ["r9"]}]
    yield case("recipient", "a recipient who is no reviewer", changed(channels=stranger), error="malformed")
    yield case("channel-twice", "one channel id twice", changed(channels=[channel] * 2), error="malformed")
    yield case("no-channels", "no channel", changed(channels=[]), error="malformed")
    one = {  # a single reviewer keeps these small
        "channels": [channel],
        "keys": {"r1": b64(KEYS[ReviewerId("r1")].public)},
        "reviewers": [{"id": "r1", "sign": b64(SIGN.verify_key.encode()), "titles": TITLES}],
    }
    for name, about, change, asked in forms.good():
        document = changed(**(one | change))
        yield case(f"form-{name}", about, document, output=fine | {"forms": asked})
    for name, about, change in forms.bad():
        yield case(f"form-{name}", about, changed(**(one | change)), error="malformed")
    for name, about, change, keepers in identities.slices():
        result: dict[str, Any] = {"error": "malformed"} if keepers is None else {"output": fine | keepers}
        yield case(f"custodians-{name}", about, changed(**change), **result)


def encapsulation() -> Iterator[Vector]:
    key = KEYS[ReviewerId("r1")]
    given = {"key": key.public.hex(), "info": "00", "plaintext": bytes(32).hex()}
    yield vector("wrap", "32 bytes", "wrap", given, output={"size": 1168})
    for name, bad in (
        ("low-order", key.public[:1184] + bytes(32)),
        ("low-order-one", key.public[:1184] + bytes([1]) + bytes(31)),
        ("short", key.public[:-1]),
        ("ml-kem-range", b"\xff" * 1184 + key.public[1184:]),
    ):
        yield vector(f"wrap-{name}", name, "wrap", given | {"key": bad.hex()}, error="malformed")
    wrapped = wrap(key.public, b"\x07", b"hello")
    given = {"seed": key.seed.hex(), "info": "07", "wrapped": wrapped.hex()}
    yield vector("unwrap", "made by the Python side", "unwrap", given, output={"plaintext": b"hello".hex()})
    bad_wrapped = {
        "tag": wrapped[:-1] + bytes([wrapped[-1] ^ 1]),
        "ml-kem": bytes([wrapped[0] ^ 1]) + wrapped[1:],
        "x25519": wrapped[:1090] + bytes([wrapped[1090] ^ 1]) + wrapped[1091:],
        "low-order": wrapped[:1088] + bytes(32) + wrapped[1120:],
        "short": wrapped[:1100],
        "nothing": b"",
    }
    for name, data in bad_wrapped.items():
        yield vector(f"unwrap-{name}", name, "unwrap", given | {"wrapped": data.hex()}, error="cannot-open")
    yield vector("unwrap-info", "another info", "unwrap", given | {"info": "08"}, error="cannot-open")
    yield vector(
        "unwrap-key", "another key", "unwrap", given | {"seed": bytes(32).hex()}, error="cannot-open"
    )


def items() -> Iterator[Vector]:
    document = sign_message(MESSAGE, REPORTER.sign)
    public = {r: k.public for r, k in KEYS.items()}
    item = seal_item(document, CONTEXT, EPOCH, public, (ReviewerId("r2"),))
    seam = 13 + 3 * 1168

    def case(
        name: str,
        about: str,
        data: bytes = item,
        who: str = "r1",
        *,
        context: Context = CONTEXT,
        **result: Any,
    ) -> Vector:
        given = {
            "item": data.hex(),
            "seed": KEYS[ReviewerId(who)].seed.hex(),
            "instance": context.instance.hex(),
            "office": context.office,
            "channel": context.channel,
        }
        return vector(f"item-{name}", about, "open-item", given, **result)

    def flip(at: int) -> bytes:
        return item[:at] + bytes([item[at] ^ 1]) + item[at + 1 :]

    def handmade(padded: bytes, commit: bytes | None = None) -> bytes:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key = bytes(32)
        head = header(EPOCH, [wrap(KEYS[ReviewerId("r1")].public, CONTEXT.info(EPOCH), key)])
        payload_key, commitment = payload_keys(key, head)
        cipher = AESGCM(payload_key).encrypt(bytes(11) + b"\x01", padded, bind("payload"))
        return head + (commit or commitment) + cipher

    yield case("good", "opened by one reviewer", output={"document": document.hex()})
    yield case("good-r3", "opened by another", who="r3", output={"document": document.hex()})
    yield case("excluded", "the excluded reviewer's key opens nothing", who="r2", error="cannot-open")
    middle = seal_item(
        sign_message(Message(CONTEXT, DAY, 0, "id", (), THREAD, Text("x" * 9000)), REPORTER.sign),
        CONTEXT,
        EPOCH,
        public,
    )
    yield vector(
        "item-shape",
        "32 KiB",
        "item-shape",
        {"item": middle.hex()},
        output={"epoch": EPOCH, "stanzas": 3, "payload": 32768},
    )
    yield case("magic", "another magic", flip(0), error="malformed")
    yield case("type", "another type", flip(6), error="malformed")
    yield case("version", "another version", flip(7), error="wrong-version")
    yield case("epoch", "the epoch changed", flip(11), error="cannot-open")
    yield case("count", "one stanza less said", item[:12] + b"\x02" + item[13:], error="malformed")
    yield case("count-zero", "no stanza", item[:12] + b"\x00" + item[13:], error="malformed")
    yield case("count-many", "33 stanzas", item[:12] + b"\x21" + item[13:], error="malformed")
    yield case(
        "stanza-twice",
        "a stanza twice",
        item[: 13 + 1168] * 1 + item[13 : 13 + 1168] + item[13 + 2 * 1168 :],
        error="malformed",
    )
    yield case("commitment", "the commitment changed", flip(seam), error="commitment")
    yield case("payload", "a payload bit", flip(seam + 40), error="cannot-open")
    yield case("cut", "one byte short", item[:-1], error="malformed")
    yield case("longer", "one byte more", item + b"\0", error="malformed")
    yield case("header-only", "nothing after the stanzas", item[:seam], error="malformed")
    yield case("nothing", "empty", b"", error="malformed")
    order = [item[13 + i * 1168 : 13 + (i + 1) * 1168] for i in (1, 2, 0)]
    yield case(
        "stanza-order",
        "stanzas in another order",
        item[:13] + b"".join(order) + item[seam:],
        error="commitment",
    )
    for name, context in (
        ("instance", Context(InstanceId(bytes(16)), CONTEXT.office, CONTEXT.channel)),
        ("office", Context(INSTANCE, OfficeId("kota-lain"), CONTEXT.channel)),
        ("channel", Context(INSTANCE, CONTEXT.office, ChannelId("aspirasi"))),
    ):
        yield case(f"other-{name}", f"received under another {name}", context=context, error="cannot-open")
    yield case(
        "handmade",
        "one stanza, by hand",
        handmade(add_length(b"hi", 4, 8192)),
        output={"document": b"hi".hex()},
    )
    yield case(
        "padding",
        "padding is not zero",
        handmade(add_length(b"hi", 4, 8192)[:-1] + b"\x01"),
        error="malformed",
    )
    yield case(
        "length",
        "the length goes past the end",
        handmade((8189).to_bytes(4) + bytes(8188)),
        error="malformed",
    )
    yield case(
        "size", "a larger payload than needed", handmade(add_length(b"hi", 4, 32768)), error="malformed"
    )
    yield case(
        "commitment-other",
        "commits to another key",
        handmade(add_length(b"hi", 4, 8192), bytes(32)),
        error="commitment",
    )


def evidence() -> Iterator[Vector]:
    for size in (0, 1, 65536, 65537, 100_000, 2**20, 2**20 + 1, 10**7, 2**32, 2**40):
        yield vector(
            f"padme-{size}", f"{size} bytes", "padme", {"size": size}, output={"padded": padme(size)}
        )
    yield vector("padme-too-big", "more than 2^40", "padme", {"size": 2**40 + 1}, error="malformed")
    from hashlib import sha256

    two = {"repeat": bytes(range(251)).hex(), "size": 1_500_000}
    ids = {"id": bytes(range(16)).hex(), "key": bytes(range(32)).hex()}

    def seal(file: dict[str, Any]) -> tuple[bytes, bytes]:
        sealer = BlobSealer(bytes.fromhex(ids["id"]), bytes.fromhex(ids["key"]), file["size"])  # type: ignore[arg-type]
        return b"".join(sealer.chunks(make_file(file))), sealer.chunk_list_hash

    for name, file in {
        "empty": {"repeat": "00", "size": 0},
        "small": {"repeat": "616263", "size": 10},
        "two": two,
        "whole": {"repeat": "ff", "size": 2**20},
    }.items():
        blob, chunks = seal(file)
        out = {"blob": sha256(blob).hexdigest(), "chunks": chunks.hex()}
        yield vector(
            f"blob-seal-{name}", f"{file['size']} bytes", "seal-blob", ids | {"file": file}, output=out
        )
    blob, chunks = seal(two)

    def case(
        name: str, about: str, edits: list[Any], size: int = 1_500_000, hashes: bytes = chunks, **result: Any
    ) -> Vector:
        given = {**ids, "file": two, "edits": edits, "size": size, "chunks": hashes.hex()}
        return vector(f"blob-{name}", about, "open-blob", given, **result)

    yield case("good", "two chunks", [], output={"file": sha256(make_file(two).read()).hexdigest()})
    yield case("swap", "chunks swapped", [["swap", 0, 1]], error="cannot-open")
    yield case("drop-last", "without its last chunk", [["drop", 1]], error="cannot-open")
    yield case("drop-first", "without its first chunk", [["drop", 0]], error="cannot-open")
    yield case("double", "the first chunk twice", [["double", 0]], error="cannot-open")
    yield case("truncate", "one byte short", [["truncate", len(blob) - 1]], error="cannot-open")
    yield case("truncate-chunk", "cut between chunks", [["truncate", 2**20 + 16]], error="cannot-open")
    yield case("append", "one byte more", [["append", "00"]], error="malformed")
    yield case("flip", "one bit", [["flip", 1_100_000]], error="cannot-open")
    yield case("size", "another size, same padding", [], 1_499_999, error="malformed")
    yield case("size-padding", "another size, other padding", [], 2_000_000, error="cannot-open")
    yield case("chunk-list", "another chunk-list hash", [], hashes=bytes(32), error="wrong-checksum")


def blob_identities() -> Iterator[Vector]:
    def case(
        name: str,
        about: str,
        secret: bytes = REPORTER.upload,
        office: OfficeId = CONTEXT.office,
        chunks: bytes = bytes(range(32)),
        error: str | None = None,
    ) -> Vector:
        given = {"secret": secret.hex(), "office": office, "chunks": chunks.hex()}
        if error:
            return vector(name, about, "blob-identity", given, error=error)
        found = blob_identity(secret, office, chunks)
        out = {"id": found.blob.hex(), "key": found.key.hex()}
        return vector(name, about, "blob-identity", given, output=out)

    yield case("blob-identity", "name and key of a file")
    yield case("blob-identity-file", "another file", chunks=bytes(32))
    yield case("blob-identity-office", "for another office", office=OfficeId("kota-lain"))
    yield case("blob-identity-codename", "under another codename", secret=SEED)
    yield case("blob-identity-hash", "a hash cut short", chunks=bytes(31), error="malformed")
    yield case("blob-identity-secret", "a secret cut short", secret=bytes(31), error="malformed")


def boards() -> Iterator[Vector]:
    given = {"key": REPORTER.hint.hex(), "nonce": bytes(16).hex()}
    yield vector(
        "hint", "a hint", "hint", given, output={"hint": hints.make_hint(REPORTER.hint, bytes(16)).hex()}
    )
    token = deletion.deletion_token(REPORTER.deletion, DAY, 4095)
    given = {"secret": REPORTER.deletion.hex(), "day": DAY, "number": 4095}
    out = {"token": token.hex(), "hash": deletion.token_hash(token).hex()}
    yield vector("deletion-token", "a token", "deletion-token", given, output=out)
    slots = fill_pages([], INSTANCE)
    index = board.index(slots)
    ok = {"version": index[8:24].hex(), "count": PAGE_SLOTS}
    yield vector("index", "one page", "read-index", {"index": index.hex()}, output=ok)
    bad = {
        "magic": (b"q" + index[1:], "malformed"),
        "version": (index[:7] + b"\x02" + index[8:], "wrong-version"),
        "short": (index[:-1], "malformed"),
        "fifteen": (index[:24] + (15).to_bytes(4) + index[28:-32], "malformed"),
        "none": (index[:24] + bytes(4), "malformed"),
        "hints": (index[:-1] + bytes([index[-1] ^ 1]), "malformed"),
        "huge": (index[:24] + b"\xff\xff\xff\xf0" + index[28:], "malformed"),
    }
    for name, (data, kind) in bad.items():
        yield vector(f"index-{name}", name, "read-index", {"index": data.hex()}, error=kind)


def main() -> None:
    for old in [*FOLDER.glob("*.json"), *FOLDER.glob("bundles/*.json")]:
        old.unlink()
    for family in (
        binding,
        canonical_json,
        signatures,
        codenames,
        slices,
        encapsulation,
        messages.messages,
        messages.authorship,
        identities.messages,
        identities.identities,
        sealed_files.vectors,
        items,
        evidence,
        blob_identities,
        boards,
        replies.vectors,
    ):
        for name, body in family():
            path = FOLDER / f"{name}.json"
            assert not path.exists(), name
            path.write_text(json.dumps(body, indent=1, ensure_ascii=True) + "\n", "ascii")
    write_bundles()


def write_bundles() -> None:
    """Those in a folder of their own, which the browser does not run."""
    FOLDER.joinpath("bundles").mkdir(exist_ok=True)
    for name, body in bundles.vectors():
        path = FOLDER / "bundles" / f"{name}.json"
        path.write_text(json.dumps(body, indent=1, ensure_ascii=True) + "\n", "ascii")


if __name__ == "__main__":
    main()
