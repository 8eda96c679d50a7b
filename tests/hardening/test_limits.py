"""Bounds on untrusted JSON."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardening.limits import BadJsonError, read_json


def test_a_short_flat_text_is_read() -> None:
    assert read_json('{"a":[1,"é",null,{"b":true}]}'.encode()) == {"a": [1, "é", None, {"b": True}]}


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"\xff",
        b"\xef\xbb\xbf{}",
        b'{"a":1,"a":2}',
        b"1.5",
        b"1e400",
        b"NaN",
        b"-Infinity",
        b"[[[[[1]]]]]",
        b"[" * 1_000,
        b'{"a":' * 200,
        b" " * 1_025,
        b"9" * 1_025,
    ],
)
def test_other_texts_are_refused(text: bytes) -> None:
    with pytest.raises(BadJsonError):
        read_json(text)


def test_the_parsers_own_depth_is_no_fault() -> None:
    with pytest.raises(BadJsonError):
        read_json(b"[" * 100_000, longest=10**6)


@given(st.binary(max_size=200) | st.text(alphabet='[]{}",:0123456789aeNn\\u', max_size=100).map(str.encode))
def test_nothing_else_is_raised(text: bytes) -> None:
    try:
        read_json(text)
    except BadJsonError:
        return
