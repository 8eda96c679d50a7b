"""The manifest itself: its form, its policies, who has signed it."""

import hashlib
import json
from dataclasses import replace

import pytest
from nacl.signing import SigningKey

from crypto import calendar, canonical
from crypto.binding import b64
from crypto.errors import MalformedError, ProtocolError
from crypto.fields import Day
from hardening.headers import Kind, headers
from hardening.manifest import form, signing
from hardening.manifest.links import loads
from hardening.manifest.signing import Enrollment, Signed

DAY = Day("2026-11-24")
CONTENTS = {
    "/index.html": b"first",
    "/id/index.html": b"page",
    "/id": b"page",
    "/assets/main-1.js": b"script",
    "/site.json": b"{}",
    "/not-found": b"no",
}
MADE = form.build(CONTENTS, ["/id/peluit-sealing.html"], "urn:peluit", "1", DAY)
KEYS = [SigningKey(bytes([n]) * 32) for n in (1, 2, 3)]
STRANGER = SigningKey(bytes([9]) * 32)
PUBLIC = tuple(key.verify_key.encode() for key in KEYS)
ENROLLED = Enrollment(PUBLIC, 2, 90)


def signed(*keys: SigningKey, manifest: form.Manifest = MADE) -> Signed:
    made = Signed(manifest, {})
    for key in keys:
        made = signing.add(made, key)
    return made


def test_it_has_webcats_fields_in_canonical_json() -> None:
    text = signing.write(signed(KEYS[0]))
    assert canonical.dump(json.loads(text)) == text
    read = json.loads(text)["manifest"]
    assert set(read) == {
        *("app", "version", "timestamp", "files", "default_csp", "extra_csp"),
        *("default_index", "default_fallback", "wasm"),
    }
    digest = hashlib.sha256(b"script").digest()
    assert read["files"]["/assets/main-1.js"] == b64(digest)
    assert read["timestamp"] == DAY  # no time finer than a day


def test_the_same_site_gives_the_same_bytes_in_any_order() -> None:
    other = form.build(dict(reversed(CONTENTS.items())), ["/id/peluit-sealing.html"], "urn:peluit", "1", DAY)
    assert form.canonical_bytes(other) == form.canonical_bytes(MADE)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/", Kind.PAGE),
        ("/id/", Kind.PAGE),
        ("/id", Kind.PAGE),
        ("/assets/main-1.js", Kind.SCRIPT),
        ("/site.json", Kind.DATA),
        ("/not-found", Kind.DATA),
        ("/board/index", Kind.DATA),
        ("/api/ticket", Kind.DATA),
        ("/id/peluit-sealing.html", Kind.DATA),
    ],
)
def test_each_address_has_exactly_its_policy(address: str, kind: Kind) -> None:
    assert form.policy_at(MADE, address) == headers(kind)["Content-Security-Policy"]


def test_what_was_written_is_read_again() -> None:
    assert signing.read(signing.write(signed(*KEYS))) == signed(*KEYS)
    assert signing.read(signing.write_bundle(signed(*KEYS), ENROLLED)) == signed(*KEYS)
    assert signing.read_enrollment(signing.write_enrollment(ENROLLED)) == ENROLLED


@pytest.mark.parametrize("keys", [KEYS, KEYS[:2], [*KEYS[1:], STRANGER]])
def test_k_of_n_are_enough(keys: list[SigningKey]) -> None:
    assert signing.objections(signed(*keys), ENROLLED, DAY) == []


def test_too_few_signatures_do_not_count() -> None:
    assert signing.objections(signed(KEYS[0]), ENROLLED, DAY) == ["1 of the signers have signed; 2 must."]
    assert signing.objections(signed(), ENROLLED, DAY) == ["0 of the signers have signed; 2 must."]


def test_a_strangers_signature_does_not_count() -> None:
    (said,) = signing.objections(signed(KEYS[0], STRANGER), ENROLLED, DAY)
    assert said == "1 of the signers have signed; 2 must (1 by keys that are not among them)."


def test_the_same_signer_twice_counts_once() -> None:
    assert signing.objections(signed(KEYS[0], KEYS[0]), ENROLLED, DAY) != []
    text = signing.write(signed(KEYS[0])).decode()
    pair = text.partition('"signatures":{')[2].rstrip("}")
    with pytest.raises(ProtocolError):
        signing.read(text.replace(pair, f"{pair},{pair}").encode())
    key = b64(PUBLIC[0])
    # The last letter holds two bits that are not of the key: another spelling is another text.
    spelled = key[:-1] + chr(ord(key[-1]) + 1)
    with pytest.raises(ProtocolError):
        signing.read(text.replace(pair, f"{pair},{pair.replace(key, spelled)}").encode())
    with pytest.raises(MalformedError):
        signing.write_enrollment(Enrollment((PUBLIC[0], PUBLIC[0]), 2, 90))


@pytest.mark.parametrize(
    "change",
    [
        {"version": "2"},
        {"day": Day("2026-11-25")},
        {"default_csp": "default-src *"},
        {"files": {**MADE.files, "/assets/more.js": bytes(32)}},
        {"extra_csp": {}},
    ],
)
def test_a_signature_holds_for_one_manifest(change: dict[str, object]) -> None:
    other = replace(MADE, **change)  # type: ignore[arg-type]
    moved = Signed(other, signed(*KEYS).signatures)
    said = signing.objections(moved, ENROLLED, Day("2026-11-25"))
    assert len(said) == 4 and "0 of the signers have signed" in said[-1]


def test_an_old_manifest_does_not_count_nor_one_of_the_future() -> None:
    last = calendar.add_days(DAY, 90)
    assert signing.objections(signed(*KEYS), ENROLLED, last) == []
    (said,) = signing.objections(signed(*KEYS), ENROLLED, calendar.add_days(last, 1))
    assert "was good until" in said
    assert signing.objections(signed(*KEYS), ENROLLED, calendar.add_days(DAY, -1)) == []
    (said,) = signing.objections(signed(*KEYS), ENROLLED, calendar.add_days(DAY, -2))
    assert "yet to come" in said


@pytest.mark.parametrize("threshold", [0, 4])
def test_a_threshold_must_be_possible(threshold: int) -> None:
    with pytest.raises(MalformedError):
        signing.write_enrollment(Enrollment(PUBLIC, threshold, 90))


def broken(**change: object) -> bytes:
    whole = json.loads(signing.write(signed(KEYS[0])))
    whole["manifest"] |= change
    return canonical.dump(whole)


DIGESTS = dict.fromkeys(CONTENTS, b64(bytes(32)))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{}",
        b" " * (form.LONGEST + 1),
        b'{"manifest":{},"signatures":{}}',
        broken(more=1),
        broken(wasm=["x"]),
        broken(timestamp="2026-11-24T10:00:00Z"),
        broken(default_index="other.html"),
        broken(files={}),
        broken(files=dict.fromkeys(CONTENTS, "short")),
        broken(files={**DIGESTS, "//other.host/x": DIGESTS["/id"]}),
        broken(files={**DIGESTS, "/a/../b": DIGESTS["/id"]}),
        broken(files={**DIGESTS, "/a b\r\nHost: x": DIGESTS["/id"]}),
        broken(extra_csp={"/": 1}),
        signing.write(signed(KEYS[0])).replace(b'":"', b'": "', 1),
    ],
)
def test_what_is_no_manifest_is_refused(text: bytes) -> None:
    with pytest.raises(ProtocolError):
        signing.read(text)


@pytest.mark.parametrize(
    ("page", "loaded"),
    [
        (b"<a href=/elsewhere>x</a>", set()),
        (b"<script src=/a.js></script>", {"/a.js"}),
        (b"<SCRIPT\nSRC = '/a.js'>", {"/a.js"}),
        (
            b"<link rel=stylesheet href='/a.css'><img src=//x/y.png srcset='z 2x'>",
            {"/a.css", "//x/y.png", "z 2x"},
        ),
        (b"<script>alert(1)</script>", {"<script>"}),
        (b"<style>p{}</style>", {"<style>"}),
        (b"<base href=//evil/>", {"//evil/"}),
        (b"<![x[", {"<!["}),
        (b"<p onclick=x()>", {"onclick=x()"}),
        (b"<form action=/x>", {"action=/x"}),
        (b"<svg><use href=/x.svg#y></svg>", {"/x.svg#y"}),
        (b"<iframe srcdoc='<b>'></iframe><object data=/o></object>", {"<b>", "/o"}),
    ],
)
def test_what_a_page_loads(page: bytes, loaded: set[str]) -> None:
    assert loads(page) == loaded
