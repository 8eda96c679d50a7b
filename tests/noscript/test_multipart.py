"""The form with a file at its end: whatever comes is the whole file or a refusal, in bounded memory."""

import io
import secrets
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from source_app.noscript.errors import BadFormError
from source_app.noscript.multipart import FileForm
from tests.noscript.visitor import Pairs, Upload, multipart, new_boundary

BOUNDARY = new_boundary()
PAIRS = [("codename", "satu dua"), ("exclude", "r1"), ("exclude", "r2")]
DATA = b"\r\n--\r\r\n" + secrets.token_bytes(300) + b"\r\n-" + f"\r\n--{BOUNDARY[:-1]}".encode() + b"\r"


def read(body: bytes, length: int | None = None, at_once: int = 65_536) -> tuple[FileForm, bytes]:
    """The form and its file, from a connection that brings at most so many bytes at once."""
    stream = io.BytesIO(body)
    form = FileForm(lambda size: stream.read(min(size, at_once)), length or len(body), BOUNDARY)
    data = b""
    while piece := form.read(100):
        data += piece
    if len(data) != form.size:
        raise BadFormError
    return form, data


def body(pairs: Pairs = PAIRS, data: bytes = DATA) -> bytes:
    return multipart(BOUNDARY, pairs, Upload('ba"ru.jpg', data))


@pytest.mark.parametrize("at_once", [1, 2, 7, 65_536])
def test_the_file_comes_whole_however_it_arrives(at_once: int) -> None:
    form, data = read(body(), at_once=at_once)
    assert (form.untrusted_name, form.untrusted_type, form.size) == ('ba"ru.jpg', "image/jpeg", len(DATA))
    assert data == DATA
    assert form.typed.one("codename") == "satu dua"
    assert form.typed.all("exclude") == {"r1", "r2"}


@given(st.binary(max_size=400), st.integers(1, 50))
@settings(deadline=None)
def test_any_file(data: bytes, at_once: int) -> None:
    assert read(body(data=data), at_once=at_once)[1] == data


def test_a_body_cut_at_any_byte_is_refused() -> None:
    whole = body()
    for cut in range(len(whole)):
        for length in (len(whole), cut or 1):
            with pytest.raises(BadFormError):
                read(whole[:cut], length)


def test_a_body_with_one_byte_changed_is_the_file_or_a_refusal() -> None:
    whole = body(PAIRS[:1], b"x" * 40)
    accepted = 0
    for at in range(len(whole)):
        try:
            form, data = read(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        except BadFormError:
            continue
        assert len(data) == form.size
        accepted += 1
    assert 40 <= accepted < len(whole)


@pytest.mark.parametrize("wrong", [-1, 1, -70, 70, 2**40])
def test_a_length_that_lies_is_refused(wrong: int) -> None:
    with pytest.raises(BadFormError):
        read(body(), len(body()) + wrong)


def _two_files(whole: bytes) -> bytes:
    part = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="2"\r\n\r\nzwei\r\n'.encode()
    )
    return whole[: -len(BOUNDARY) - 6] + part + whole[-len(BOUNDARY) - 6 :]


@pytest.mark.parametrize(
    "change",
    [
        _two_files,
        lambda whole: whole.replace(BOUNDARY.encode(), b"another"),
        lambda whole: whole[: -len(BOUNDARY) - 6],
        lambda whole: whole + b"more",
        lambda whole: whole.replace(b"\r\n", b"\n"),
        lambda whole: whole.replace(b"Content-Disposition", b"X-Disposition", 1),
        lambda whole: whole.replace(b'; name="codename"', b"", 1),
        lambda whole: whole.replace(b"satu dua", b"\xff\xfe", 1),
        lambda whole: whole.replace(b"satu dua", b"sa\0tu", 1),
        lambda whole: whole.replace(b"ba%22ru", b"\xff", 1),
        lambda whole: whole.replace(b"ba%22ru", b"ba\0ru", 1),
        lambda whole: whole.replace(b"image/jpeg", b"image/\0", 1),
        lambda whole: whole.replace(b"satu dua", b"x" * 5_000, 1),
        lambda whole: whole.replace(b"image/jpeg", b"x" * 300_000, 1),
        lambda _: b"",
        lambda _: bytes(1000),
    ],
)
def test_what_no_browser_sends_is_refused(change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(BadFormError):
        read(change(body()))


def test_a_file_before_the_fields_is_refused() -> None:
    with pytest.raises(BadFormError):
        read(multipart(BOUNDARY, PAIRS, Upload("a", DATA), file_first=True))


def test_five_thousand_fields_are_refused() -> None:
    with pytest.raises(BadFormError):
        read(body([(f"f{n}", "x") for n in range(5_000)]))


@pytest.mark.parametrize("boundary", ["", "x" * 71, "é", "a\nb", "x "])
def test_a_boundary_that_is_none_is_refused(boundary: str) -> None:
    with pytest.raises(BadFormError):
        FileForm(io.BytesIO(body()).read, len(body()), boundary)


def test_no_file_chosen_is_an_empty_name() -> None:
    for whole in (multipart(BOUNDARY, PAIRS), multipart(BOUNDARY, PAIRS, Upload("", b""))):
        form, data = read(whole)
        assert (form.untrusted_name, data) == ("", b"")


def test_a_large_file_is_never_held_whole() -> None:
    head, _, end = body(data=b"@@@").partition(b"@@@")
    size = 64 * 2**20
    left = [head, *[bytes(65_536)] * (size // 65_536), end]
    form = FileForm(lambda _size: left.pop(0) if left else b"", len(head) + size + len(end), BOUNDARY)
    tracemalloc.start()
    while form.read(2**20):
        pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 6 * 2**20
