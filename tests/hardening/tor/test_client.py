"""A client's key and line, in the one form that tor reads."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from hardening.deploy.tor import client
from hardening.deploy.tor.address import read_address
from hardening.deploy.tor.errors import AddressRefusedError, ClientRefusedError, MalformedClientError

PUBLIC = bytes.fromhex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")  # RFC 7748, 6.1
LINE = client.line(PUBLIC)
# Of a service that a tor of Debian's made, and is gone.
ADDRESS = "k3jbxeugkomwg3ji7r52z5hskum7sd52sf7bpgonteo57i7ngmecmiad.onion"


def test_both_halves_belong_together() -> None:
    key = client.new_key()
    private = base64.b32decode(key.private + "====")
    assert X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw() == key.public
    assert len(key.private) == 52 and key.private not in repr(key)
    assert client.new_key().public != key.public


def test_a_line_is_read_back() -> None:
    assert LINE == b"descriptor:x25519:QUQPACMJGCTVI5ELPXOLIPXXLIG36OQNEY4BV5HLUSUY5KU3JZVA\n"
    assert len(LINE) == client.LINE_SIZE
    assert client.read_line(LINE) == PUBLIC


@pytest.mark.parametrize(
    "text",
    [
        b"",
        LINE.rstrip(),
        LINE + b"\n",
        LINE + LINE,
        b"\n" + LINE,
        LINE.replace(b"\n", b"\r\n"),
        LINE.replace(b"\n", b"====\n"),
        LINE.replace(b"QUQ", b"quq"),
        LINE.replace(b"QUQ", b"QU1"),
        LINE.replace(b"A\n", b"B\n"),
        LINE.replace(b"descriptor", b"Descriptor"),
        LINE.replace(b"descriptor:", b"descriptor: "),
        LINE.replace(b"x25519", b"ed25519"),
        LINE.replace(b"A\n", b"\n"),
        client.line(bytes(32)),
        client.line(bytes([1]) + bytes(31)),
    ],
)
def test_every_other_text_is_none(text: bytes) -> None:
    with pytest.raises(MalformedClientError):
        client.read_line(text)


@given(st.binary(max_size=100))
def test_any_text(text: bytes) -> None:
    with pytest.raises(MalformedClientError):
        client.read_line(text)


@pytest.mark.parametrize("name", ["a", "budi", "irban-2", "9", "x" * 32])
def test_names(name: str) -> None:
    assert client.read_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "nobody",
        "-a",
        "Budi",
        "budi.auth",
        "../budi",
        "/etc/passwd",
        "a/b",
        "a\n",
        "a\0",
        " a",
        "x" * 33,
        ".",
        "é",
    ],
)
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(ClientRefusedError):
        client.read_name(name)


def test_what_another_tor_reads() -> None:
    assert client.for_browser(ADDRESS, "KEY") == f"{ADDRESS[:56]}:descriptor:x25519:KEY"


def test_an_address_with_any_letter_wrong_is_none() -> None:
    assert read_address(ADDRESS) == ADDRESS
    for i, letter in enumerate(ADDRESS):
        with pytest.raises(AddressRefusedError):
            read_address(ADDRESS[:i] + ("b" if letter != "b" else "c") + ADDRESS[i + 1 :])
    for other in (
        ADDRESS + "\n",
        ADDRESS.upper(),
        f"http://{ADDRESS}",
        ADDRESS[:-6],
        "a" * 56 + ".onion",
        "",
    ):
        with pytest.raises(AddressRefusedError):
            read_address(other)
