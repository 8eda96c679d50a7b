"""Bundles that were cut, changed or made up: every one is refused, and a sentence says which part it was."""

import gzip
import io
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crypto import bundle as archive
from crypto import canonical
from journalist_app.errors import (
    BundleRefusedError,
    DamagedBundleError,
    NotABundleError,
    OtherVersionError,
)
from journalist_app.parts import Parts
from journalist_app.taking import Taken, take
from store.site import SiteOffice
from store.staff.account import console
from tests.journalist_app.conftest import Server
from tests.journalist_app.station import TODAY, Station, slots, slots_document

BLOCK = 512
SMALL = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def parts(server: Server) -> Iterator[Parts]:
    parts = server.parts()
    yield parts
    parts.close()


@pytest.fixture
def office(parts: Parts, server: Server) -> SiteOffice:
    found = parts.site.office(server.station.office)
    assert found
    return found


@pytest.fixture
def whole(server: Server) -> bytes:
    """A good bundle with every kind of entry."""
    return server.station.first()


def bring(parts: Parts, office: SiteOffice, data: bytes) -> Taken:
    return take(parts, console(office.id), office, io.BytesIO(data))


def refusal(parts: Parts, office: SiteOffice, data: bytes) -> BundleRefusedError:
    with pytest.raises(BundleRefusedError) as caught:
        bring(parts, office, data)
    assert parts.staff.taken.last(office.id) == 0
    assert parts.slots.living(TODAY) == ()
    assert not (parts.layout.board / "current").is_symlink()
    return caught.value


def test_the_whole_is_good(parts: Parts, office: SiteOffice, whole: bytes) -> None:
    assert bring(parts, office, whole).slots == 16


# Cut


def test_cut_at_every_block(parts: Parts, office: SiteOffice, whole: bytes) -> None:
    for size in range(0, len(whole), BLOCK):
        for nearby in (size - 1, size, size + 1):
            if 0 <= nearby < len(whole):
                found = refusal(parts, office, whole[:nearby])
                assert isinstance(found, NotABundleError if nearby < 14 else DamagedBundleError)


def test_which_part_was_cut(parts: Parts, office: SiteOffice, whole: bytes) -> None:
    with tarfile.open(fileobj=io.BytesIO(whole)) as ordinary:
        members = ordinary.getmembers()
    assert [member.name for member in members][-2:] == ["slots", "checksums"]
    for member in members:
        found = refusal(parts, office, whole[: member.offset_data + member.size // 2])
        assert isinstance(found, DamagedBundleError)
        assert found.part == member.name


@given(more=st.binary(min_size=1, max_size=2_000))
@SMALL
def test_something_behind_the_end(parts: Parts, office: SiteOffice, whole: bytes, more: bytes) -> None:
    assert isinstance(refusal(parts, office, whole + more), DamagedBundleError)


# Changed


@given(data=st.data())
@SMALL
def test_one_bit(parts: Parts, office: SiteOffice, whole: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[place] ^= 1 << data.draw(st.integers(0, 7))
    refusal(parts, office, bytes(changed))


def test_which_part_was_changed(parts: Parts, office: SiteOffice, whole: bytes) -> None:
    with tarfile.open(fileobj=io.BytesIO(whole)) as ordinary:
        members = ordinary.getmembers()
    for member in members[1:-1]:
        changed = bytearray(whole)
        changed[member.offset_data + member.size - 1] ^= 1
        found = refusal(parts, office, bytes(changed))
        assert isinstance(found, DamagedBundleError)
        assert found.part == member.name


def test_parts_of_two_bundles(parts: Parts, office: SiteOffice, server: Server) -> None:
    """The slots of one under the manifest of another of the same shape."""
    one, two = (server.station.outbound(1, [slots_document(slots())]) for _ in range(2))
    start = one.index(b"slots\0", BLOCK) + BLOCK
    end = start + 16 * (32 + 4_096)
    found = refusal(parts, office, one[:start] + two[start:end] + one[end:])
    assert isinstance(found, DamagedBundleError)
    assert found.part == "slots"


@given(junk=st.binary(max_size=3_000))
@SMALL
def test_junk(parts: Parts, office: SiteOffice, junk: bytes) -> None:
    refusal(parts, office, junk)


# Made up


def with_manifest(whole: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The bundle with another manifest, its header made to fit."""
    with tarfile.open(fileobj=io.BytesIO(whole)) as ordinary:
        first, second = ordinary.getmembers()[:2]
    text = change(whole[first.offset_data : first.offset_data + first.size])
    return archive._member(archive.MANIFEST, text) + whole[second.offset :]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"path":"slots"', b'"path":"../slots"'),
        (b'"path":"slots"', b'"path":"/etc/passwd"'),
        (b'"path":"slots"', b'"path":"slots/../slots"'),
        (b'"path":"slots"', b'"path":""'),
        (b'"path":"slots"', b'"path":"directory"'),
        (b'"path":"slots"', b'"path":"slices/1"'),
        (b'"path":"slices/', b'"path":"slices/../'),
        (b'"path":"slices/', b'"path":"slices/0'),
        (b'"kind":"slots"', b'"kind":"item"'),
        (b'"number":1', b'"number":0'),
        (b'"number":1', b'"number":-1'),
        (b'"number":1', b'"number":1.0'),
        (b'"number":1', b'"number":9007199254740993'),
        (b'"number":1', b'"number":true'),
        (b'"reviewer":"inspektur"', b'"reviewer":"Inspektur"'),
        (b'"reviewer":"inspektur"', b'"reviewer":null'),
        (b'"received":[]', b'"received":["AAAA"]'),
        (b'"received":[]', b'"received":{}'),
        (b'"received":[]', b'"received":' + 20 * b"[" + 20 * b"]"),
        (b'"received":[]', b'"received":[],"time":1'),
        (b'"office"', b' "office"'),
        (b'"size":', b'"size":-'),
        (b'"size":66048', b'"size":9223372036854775807'),
        (b"{", b"["),
        (b"}", b""),
        (b"{", b"\xff{"),
    ],
)
def test_a_manifest_that_breaks_a_rule(
    parts: Parts, office: SiteOffice, whole: bytes, old: bytes, new: bytes
) -> None:
    assert old in whole
    found = refusal(parts, office, with_manifest(whole, lambda text: text.replace(old, new, 1)))
    assert isinstance(found, DamagedBundleError)
    assert found.part == "manifest.json"


def test_another_version(parts: Parts, office: SiteOffice, whole: bytes) -> None:
    changed = with_manifest(whole, lambda text: text.replace(b"peluit/1", b"peluit/2"))
    assert isinstance(refusal(parts, office, changed), OtherVersionError)


def test_a_manifest_of_another_size_than_it_says(parts: Parts, office: SiteOffice, whole: bytes) -> None:
    for field in (
        b"77777777777\0",
        b"00000000000\0",
        b"8\0",
        b"\x80" + bytes(10) + b"\x01",
        b"-0000000001\0",
    ):
        changed = whole[:124] + field.ljust(12, b"\0") + whole[136:]
        refusal(parts, office, changed)


def test_a_number_in_a_valid_manifest_is_still_signed(parts: Parts, office: SiteOffice, whole: bytes) -> None:
    changed = with_manifest(whole, lambda text: text.replace(b'"number":1', b'"number":2'))
    found = refusal(parts, office, changed)
    assert isinstance(found, DamagedBundleError)
    assert found.part == "manifest.json"


def member(name: str, data: bytes, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname, info.mode = len(data), kind, link, 0o600
    return info


Trick = Callable[[tarfile.TarFile, list[tuple[str, bytes]]], None]


def renamed(name: str) -> Trick:
    def write(out: tarfile.TarFile, members: list[tuple[str, bytes]]) -> None:
        for number, (path, data) in enumerate(members):
            info = member(name if number == 1 else path, data)
            out.addfile(info, io.BytesIO(data))

    return write


def retyped(kind: bytes, link: str = "") -> Trick:
    def write(out: tarfile.TarFile, members: list[tuple[str, bytes]]) -> None:
        for number, (path, data) in enumerate(members):
            info = member(path, data, kind if number == 1 else tarfile.REGTYPE, link if number == 1 else "")
            out.addfile(info, io.BytesIO(data))

    return write


def with_extra(place: int, name: str) -> Trick:
    def write(out: tarfile.TarFile, members: list[tuple[str, bytes]]) -> None:
        for path, data in [*members[:place], (name, b"evil"), *members[place:]]:
            out.addfile(member(path, data), io.BytesIO(data))

    return write


def with_attribute(**attributes: object) -> Trick:
    def write(out: tarfile.TarFile, members: list[tuple[str, bytes]]) -> None:
        for path, data in members:
            info = member(path, data)
            for name, value in attributes.items():
                setattr(info, name, value)
            out.addfile(info, io.BytesIO(data))

    return write


TRICKS: dict[str, Trick] = {
    "parent": renamed("../directory"),
    "absolute": renamed("/directory"),
    "dot": renamed("./directory"),
    "slash": renamed("directory/"),
    "long": renamed("d/" * 120 + "directory"),
    "unicode": renamed("direct\u202eory"),
    "newline": renamed("directory\n"),
    "symlink": retyped(tarfile.SYMTYPE, "/etc/passwd"),
    "hardlink": retyped(tarfile.LNKTYPE, "manifest.json"),
    "folder": retyped(tarfile.DIRTYPE),
    "device": retyped(tarfile.CHRTYPE),
    "fifo": retyped(tarfile.FIFOTYPE),
    "sparse": retyped(tarfile.GNUTYPE_SPARSE),
    "old type": retyped(tarfile.AREGTYPE),
    "extra first": with_extra(0, "../evil"),
    "extra second": with_extra(1, "evil"),
    "extra last": with_extra(99, "evil"),
    "twice": with_extra(2, "directory"),
    "mode": with_attribute(mode=0o4755),
    "owner": with_attribute(uid=1_000, uname="rina"),
    "time": with_attribute(mtime=1_795_435_200),
    "pax path": with_attribute(pax_headers={"path": "../../evil"}),
    "pax comment": with_attribute(pax_headers={"comment": "x"}),
    "pax size": with_attribute(pax_headers={"size": "1"}),
}

SHAPED = [
    (trick, shape)
    for trick in TRICKS
    for shape in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)
    # Extension headers are PAX's alone; ustar has no room for a long name.
    if shape == tarfile.PAX_FORMAT
    or not (trick.startswith("pax") or (trick, shape) == ("long", tarfile.USTAR_FORMAT))
]


@pytest.mark.parametrize(("trick", "shape"), SHAPED)
def test_tricks_that_tar_allows(
    parts: Parts, office: SiteOffice, whole: bytes, tmp_path: Path, trick: str, shape: int
) -> None:
    changed = tarred(whole, TRICKS[trick], shape)
    assert changed != whole
    refusal(parts, office, b"")
    before = set(tmp_path.rglob("*"))
    refusal(parts, office, changed)
    assert set(tmp_path.rglob("*")) == before


def tarred(whole: bytes, write: Trick, shape: int) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(whole)) as ordinary:
        members = [(m.name, whole[m.offset_data : m.offset_data + m.size]) for m in ordinary.getmembers()]
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=shape) as again:
        write(again, members)
    return out.getvalue().rstrip(b"\0").ljust(len(whole), b"\0")


def test_the_tricks_start_from_a_good_bundle(parts: Parts, office: SiteOffice, whole: bytes) -> None:
    same = tarred(whole, with_attribute(), tarfile.USTAR_FORMAT)
    assert same == whole
    assert bring(parts, office, same).number == 1


def test_a_packed_bundle(parts: Parts, office: SiteOffice, whole: bytes) -> None:
    assert isinstance(refusal(parts, office, gzip.compress(whole)), NotABundleError)


def test_a_bundle_in_a_bundle(parts: Parts, office: SiteOffice, whole: bytes) -> None:
    refusal(parts, office, archive._member(archive.MANIFEST, whole))


def test_checksums_of_another_shape(parts: Parts, office: SiteOffice, server: Server) -> None:
    """Signed by a reviewer, and still not what the reader expects."""
    good = server.station.outbound(1)
    for sums in ([], {}, {"entries": []}, {"entries": "x", "kind": "checksums"}, "x"):
        text = canonical.dump(sums)
        place = good.index(b"checksums\0")
        size = int(good[place + 124 : place + 135], 8)
        body = server.station.sign["inspektur"].sign(text).signature + text.ljust(size - 64, b" ")
        refusal(parts, office, good[: place + BLOCK] + body[:size] + good[place + BLOCK + size :])


def test_the_station_of_these_tests_writes_what_the_real_reader_takes() -> None:
    reader = archive.BundleReader(io.BytesIO(Station().first()))
    assert [entry.kind for entry, pieces in reader.entries() if list(pieces)] == [
        *("directory", "slice", "slice", "slots")
    ]
