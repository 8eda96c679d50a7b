"""What a reporter signs: messages of every kind, and statements of authorship."""

from collections.abc import Iterator
from typing import Any

from nacl.signing import SigningKey

from crypto import canonical, signed
from crypto.authorship import sign_authorship
from crypto.binding import b64
from crypto.message import TEXT_KINDS, Content, Evidence, Message, Rating, Text, sign_message
from tests.vectors.office import CONTEXT, DAY, INSTANCE, KEYS, MESSAGE, REPORTER, SIGN, THREAD, Vector, vector


def messages() -> Iterator[Vector]:
    evidence_sent = Evidence(bytes(16), bytes(32), "foto.jpg", "image/jpeg", 5, bytes(32))
    texts = {kind: Text(f"Terima kasih\n<i>{kind}</i> 😀", kind) for kind in TEXT_KINDS}
    rating = Rating(2, 5, "Jelas")
    contents: dict[str, Content] = {
        "report": MESSAGE.content,
        "evidence": evidence_sent,
        "rating": rating,
        **texts,
    }
    for name, content in contents.items():
        document = sign_message(Message(CONTEXT, DAY, 1, "en", (), THREAD, content), REPORTER.sign)
        given = {"message": document[64:].hex(), "seed": REPORTER.sign.encode().hex()}
        yield vector(f"message-{name}", name, "sign-message", given, output={"document": document.hex()})

    def case(name: str, about: str, kind: str, content: Any, **result: Any) -> Vector:
        message = canonical.parse(sign_message(MESSAGE, REPORTER.sign)[64:])
        assert isinstance(message, dict)
        document = signed.sign(message | {"kind": kind, "content": content}, "message", REPORTER.sign)
        given = {
            "document": document.hex(),
            "instance": INSTANCE.hex(),
            "office": CONTEXT.office,
            "channel": CONTEXT.channel,
            "recipients": list(KEYS),
        }
        return vector(f"read-{name}", about, "read-message", given, **result)

    for kind in TEXT_KINDS:
        said = {"text": "Satu\ndua 😀"}
        yield case(kind, kind, kind, said, output={"kind": kind} | said)
        yield case(f"{kind}-empty", "no words", kind, {"text": ""}, output={"kind": kind, "text": ""})
        yield case(f"{kind}-nul", "a NUL", kind, {"text": "a\0"}, error="malformed")
        yield case(f"{kind}-key", "a key nobody knows", kind, {"text": "", "stars": 5}, error="malformed")
        yield case(f"{kind}-nothing", "no text", kind, {}, error="malformed")
    rated = {"reply": 1, "stars": 1, "text": ""}
    most = {"reply": 2**32 - 1, "stars": 5, "text": "Jelas"}
    yield case("rating", "the fewest stars", "rating", rated, output={"kind": "rating"} | rated)
    yield case("rating-most", "the most stars", "rating", most, output={"kind": "rating"} | most)
    bad_ratings = {
        "stars-0": rated | {"stars": 0},
        "stars-6": rated | {"stars": 6},
        "stars-true": rated | {"stars": True},
        "stars-text": rated | {"stars": "5"},
        "reply-0": rated | {"reply": 0},
        "reply-huge": rated | {"reply": 2**32},
        "no-text": {"reply": 1, "stars": 1},
        "no-reply": {"stars": 1, "text": ""},
        "key": rated | {"thread": "x"},
        "list": [1, 1, ""],
    }
    for name, bad in bad_ratings.items():
        yield case(f"rating-{name}", name, "rating", bad, error="malformed")
    yield case(
        "report",
        "a report",
        "report",
        {"answers": {"what": "x"}},
        output={"kind": "report", "answers": {"what": "x"}},
    )
    many = {f"f{n}": "" for n in range(17)}
    yield case("report-17", "17 answers", "report", {"answers": many}, error="malformed")
    yield case("report-none", "no answer", "report", {"answers": {}}, error="malformed")
    yield case(
        "report-field",
        "an answer whose field is no id",
        "report",
        {"answers": {"What": ""}},
        error="malformed",
    )
    yield case("kind", "a kind nobody knows", "praise", {"text": ""}, error="malformed")
    yield case("kind-swapped", "a rating called message", "message", rated, error="malformed")


def authorship() -> Iterator[Vector]:
    seed = REPORTER.sign.encode().hex()
    place = {"instance": INSTANCE.hex(), "office": CONTEXT.office}
    says = "Saya yang menulis laporan itu.\n“é” 😀"
    text = sign_authorship(INSTANCE, CONTEXT.office, DAY, says, REPORTER.sign)
    given = {"day": DAY, "statement": says, "seed": seed} | place
    yield vector("authorship-sign", "a statement", "sign-authorship", given, output={"text": text})
    for name, bad in (("empty", ""), ("long", "x" * 2_001), ("nul", "a\0")):
        yield vector(
            f"authorship-sign-{name}", name, "sign-authorship", given | {"statement": bad}, error="malformed"
        )

    def case(name: str, about: str, text: str = text, given: dict[str, Any] = place, **result: Any) -> Vector:
        return vector(f"authorship-{name}", about, "read-authorship", given | {"text": text}, **result)

    def changed(*, purpose: str = "authorship", key: SigningKey = REPORTER.sign, **change: Any) -> str:
        body: dict[str, Any] = {
            "day": DAY,
            "instance": b64(INSTANCE),
            "kind": "authorship",
            "office": CONTEXT.office,
            "statement": says,
            "suite": "peluit/1",
            "verify": b64(THREAD.verify),
        }
        left = {name: value for name, value in (body | change).items() if value is not ...}
        return "peluit-authorship-1:" + b64(signed.sign(left, purpose, key))

    said = {"day": DAY, "statement": says, "verify": THREAD.verify.hex()}
    yield case("good", "a statement", output=said)
    typed = "".join(f" {letter}\r\n\t\u00a0" if n % 7 == 0 else letter for n, letter in enumerate(text))
    yield case("spaced", "white space anywhere", typed, output=said)
    longest = sign_authorship(INSTANCE, CONTEXT.office, DAY, "😀" * 2_000, REPORTER.sign)
    yield case("longest", "2,000 code points", longest, output=said | {"statement": "😀" * 2_000})
    escaped = sign_authorship(INSTANCE, CONTEXT.office, DAY, "\x1b" * 2_000, REPORTER.sign)
    yield case("escaped", "2,000 control characters", escaped, output=said | {"statement": "\x1b" * 2_000})
    yield case("empty", "an empty statement", changed(statement=""), error="malformed")
    yield case("long", "2,001 code points", changed(statement="x" * 2_001), error="malformed")
    yield case("key", "another's key", changed(key=SIGN), error="bad-signature")
    yield case(
        "verify", "names another key", changed(verify=b64(SIGN.verify_key.encode())), error="bad-signature"
    )
    yield case("purpose", "signed for another place", changed(purpose="message"), error="bad-signature")
    yield case("kind", "another kind", changed(kind="message"), error="malformed")
    yield case("suite", "another suite", changed(suite="peluit/2"), error="wrong-version")
    yield case("extra", "a key nobody knows", changed(extra=1), error="malformed")
    yield case("no-day", "no day", changed(day=...), error="malformed")
    yield case("no-such-day", "30 February", changed(day="2026-02-30"), error="malformed")
    yield case("office", "for another office", changed(office="kota-lain"), error="wrong-context")
    yield case(
        "instance", "for another instance", given=place | {"instance": bytes(16).hex()}, error="wrong-context"
    )
    yield case("prefix", "no prefix", text.partition(":")[2], error="malformed")
    yield case("version", "another version", text.replace("-1:", "-2:"), error="malformed")
    yield case("nothing", "nothing after the prefix", "peluit-authorship-1:", error="malformed")
    yield case("cut", "the last letters are missing", text[:-6], error="malformed")
    yield case(
        "letter", "one letter of the signature is wrong", _other_letter(text, 30), error="bad-signature"
    )
    yield case("padded", "base64 with padding", text + "=", error="malformed")
    yield case("huge", "longer than any statement", text + "A" * 30_000, error="malformed")


def _other_letter(text: str, at: int) -> str:
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
