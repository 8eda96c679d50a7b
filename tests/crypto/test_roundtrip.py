"""Properties that hold for every input: what is sealed opens to the same, and to nothing once touched."""

import io
import secrets

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from crypto import board, calendar, canonical, codename
from crypto.blob import BlobId, blob_size, padded_size
from crypto.constants import CHUNK_SIZE, MIN_BLOB_SIZE, PAGE_SLOTS, REPLY_SIZE
from crypto.errors import CannotOpenError, MalformedError, ProtocolError, UnknownWordError
from crypto.fields import ChannelId, Day, InstanceId, OfficeId, ReviewerId
from crypto.item import Context, read_shape
from crypto.keypairs import KemKeyPair
from crypto.message import Evidence, Message, Report, Text, Thread, sign_message
from crypto.open.blob import open_blob
from crypto.open.item import open_message
from crypto.open.reply import open_reply
from crypto.padding import padme
from crypto.reply import ReplyPart, cut
from crypto.seal.blob import BlobSealer
from crypto.seal.item import seal_item
from crypto.seal.reply import fill_pages, seal_reply
from crypto.words import words

REPORTER = codename.keys(bytes(32))
THREAD = Thread(REPORTER.verify, REPORTER.reply.public, REPORTER.hint)
CONTEXT = Context(InstanceId(bytes(16)), OfficeId("kota"), ChannelId("aduan"))
KEYS = {ReviewerId(f"r{n}"): KemKeyPair.from_seed(bytes([n]) * 32) for n in (1, 2, 3)}
PUBLIC = {reviewer: key.public for reviewer, key in KEYS.items()}
RECIPIENTS = tuple(KEYS)
DAY = Day("2026-11-23")
EPOCH = calendar.epoch_of(DAY)
SIGN = SigningKey(bytes(32))

text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=300)
few = settings(max_examples=25, deadline=None)


def sealed(content: Report | Text, excluded: tuple[ReviewerId, ...] = ()) -> tuple[Message, bytes]:
    message = Message(CONTEXT, DAY, 0, "id", excluded, THREAD, content)
    return message, seal_item(sign_message(message, REPORTER.sign), CONTEXT, EPOCH, PUBLIC, excluded)


@few
@given(
    st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), text, min_size=1, max_size=8),
    st.sets(st.sampled_from(RECIPIENTS), max_size=2),
)
def test_a_report_opens_for_everyone_but_the_excluded(answers: dict[str, str], out: set[ReviewerId]) -> None:
    message, item = sealed(Report(answers), tuple(sorted(out)))
    for reviewer, key in KEYS.items():
        if reviewer in out:
            with pytest.raises(CannotOpenError):
                open_message(item, key, CONTEXT, RECIPIENTS, reviewer)
        else:
            assert open_message(item, key, CONTEXT, RECIPIENTS, reviewer) == message


def test_an_item_has_the_same_shape_with_and_without_an_exclusion() -> None:
    plain = read_shape(sealed(Text("a"))[1])
    excluding = read_shape(sealed(Text("a"), (ReviewerId("r3"),))[1])
    assert [len(part) for part in (plain.header, plain.ciphertext)] == [
        len(part) for part in (excluding.header, excluding.ciphertext)
    ]


def test_nobody_left_to_read_is_refused() -> None:
    with pytest.raises(MalformedError):
        sealed(Text("a"), RECIPIENTS)


def test_too_long_a_text_is_refused() -> None:
    with pytest.raises(MalformedError):
        sealed(Text("x" * 131_072))


@few
@given(st.integers(0, 11_756), st.integers(0, 7))
def test_one_changed_bit_opens_nothing(at: int, bit: int) -> None:
    item = bytearray(sealed(Text("hello"))[1])
    item[at] ^= 1 << bit
    for reviewer, key in KEYS.items():
        with pytest.raises(ProtocolError):
            open_message(bytes(item), key, CONTEXT, RECIPIENTS, reviewer)


@given(st.binary(max_size=5000))
def test_shapes_of_random_bytes_are_refused(untrusted: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_shape(b"peluiti\x01" + untrusted)


@few
@given(
    st.one_of(
        st.integers(0, 200_000), st.sampled_from([CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 2 * CHUNK_SIZE])
    )
)
def test_evidence_opens_to_the_same_bytes(size: int) -> None:
    data, blob, key = secrets.token_bytes(size), BlobId(secrets.token_bytes(16)), secrets.token_bytes(32)
    sealer = BlobSealer(blob, key, size)
    body = b"".join(sealer.chunks(io.BytesIO(data)))
    evidence = Evidence(blob, key, "a", "", size, sealer.chunk_list_hash)
    assert b"".join(open_blob(evidence, io.BytesIO(body))) == data
    assert padded_size(len(body)) == sealer.padded


@pytest.mark.parametrize("actual", [9, 11])
def test_a_file_that_changes_while_it_is_sealed_is_refused(actual: int) -> None:
    sealer = BlobSealer(BlobId(bytes(16)), bytes(32), 10)
    with pytest.raises(MalformedError):
        list(sealer.chunks(io.BytesIO(bytes(actual))))


@given(st.integers(0, 2**40))
def test_padding_costs_at_most_an_eighth_and_is_stable(size: int) -> None:
    padded = padme(size)
    assert size <= padded <= max(MIN_BLOB_SIZE, size * 1.12)
    assert padme(padded) == padded
    assert padded_size(blob_size(padded)) == padded


@few
@given(text.map(lambda t: t * 20))
def test_a_reply_of_any_length_arrives_whole(body: str) -> None:
    whole = ReplyPart(
        CONTEXT.instance, CONTEXT.office, REPORTER.verify, ReviewerId("r1"), 1, 1, 1, DAY, None, body
    )
    slots = [seal_reply(part, THREAD, SIGN) for part in cut(whole)]
    keys = {ReviewerId("r1"): SIGN.verify_key.encode()}
    parts = [open_reply(slot.body, REPORTER, CONTEXT.instance, CONTEXT.office, keys).part for slot in slots]
    assert "".join(part.text for part in parts) == body
    assert [part.part for part in parts] == list(range(1, parts[0].parts + 1))


def test_too_long_a_reply_is_refused() -> None:
    whole = ReplyPart(
        CONTEXT.instance,
        CONTEXT.office,
        REPORTER.verify,
        ReviewerId("r1"),
        1,
        1,
        1,
        DAY,
        None,
        "x" * 32 * REPLY_SIZE,
    )
    with pytest.raises(MalformedError):
        cut(whole)


@pytest.mark.parametrize("replies", [0, 1, 16, 17])
def test_pages_are_always_full(replies: int) -> None:
    part = ReplyPart(
        CONTEXT.instance, CONTEXT.office, REPORTER.verify, ReviewerId("r1"), 1, 1, 1, DAY, None, ""
    )
    slots = fill_pages([seal_reply(part, THREAD, SIGN) for _ in range(replies)], CONTEXT.instance)
    assert len(slots) == max(1, -(-replies // PAGE_SLOTS)) * PAGE_SLOTS
    assert board.read_slots(board.write_slots(slots)) == tuple(slots)
    assert board.read_index(board.index(slots))[1] == tuple(slot.hint for slot in slots)
    assert {len(page) for page in board.pages(slots)} == {PAGE_SLOTS * 4096}


@given(st.sampled_from(["en", "id"]), st.randoms(use_true_random=False))
def test_a_codename_reads_the_same_in_every_spelling(language: str, random) -> None:  # type: ignore[no-untyped-def]
    made = codename.make(language, random.randrange)
    canonical_form = codename.read(" ".join(made))
    assert codename.read("-".join(word.upper() for word in made)) == canonical_form
    assert codename.read("\n".join(word[: random.randint(4, 8)] for word in made)) == canonical_form


@given(st.text(max_size=60))
def test_other_text_is_no_codename(untrusted: str) -> None:
    with pytest.raises(UnknownWordError):
        codename.read(untrusted + " qqqq")


def test_codenames_use_the_whole_list() -> None:
    asked: list[int] = []
    codename.make("id", lambda n: asked.append(n) or 0)  # type: ignore[func-returns-value]
    assert asked == [len(words("id"))] * 8 == [2048] * 8


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | text,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(json_values)
def test_canonical_json_parses_back(value: canonical.Json) -> None:
    assert canonical.parse(canonical.dump(value)) == value


@given(st.binary(max_size=200))
def test_random_bytes_parse_only_if_canonical(untrusted: bytes) -> None:
    try:
        value = canonical.parse(untrusted)
    except ProtocolError:
        return
    assert canonical.dump(value) == untrusted
