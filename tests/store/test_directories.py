"""Publishing an office's keys: only what its pinned root signed, never an older one."""

from dataclasses import replace

import pytest
from nacl.signing import SigningKey

from crypto import calendar
from crypto.directory import read_slice
from crypto.errors import BadSignatureError, MalformedError, ProtocolError, WrongContextError
from crypto.fields import Day, InstanceId
from store.directories import Directories
from store.errors import NoDirectoryError, NoSuchOfficeError, OldSerialError
from store.layout import Layout
from tests.store.installation import OFFICE, OTHER, ROOT, SITE, directory, other_serial, signed

DAY = Day("2026-11-23")
MADE = directory(DAY)


@pytest.fixture
def directories(layout: Layout) -> Directories:
    return Directories(layout, SITE)


def test_the_present_slice_is_given(directories: Directories) -> None:
    directories.publish(OFFICE, *signed(MADE))
    for shift in (-7, 0, 7):
        on = calendar.add_days(DAY, shift)
        assert read_slice(directories.slice(OFFICE, on), ROOT.verify_key.encode()).epoch == calendar.epoch_of(
            on
        )
    assert directories.directory(OFFICE) == MADE
    assert directories.serial(OFFICE) == 1


def test_without_keys_for_the_week_there_is_none(directories: Directories) -> None:
    with pytest.raises(NoDirectoryError):
        directories.slice(OFFICE, DAY)
    directories.publish(OFFICE, *signed(MADE))
    with pytest.raises(NoDirectoryError):
        directories.slice(OFFICE, calendar.add_days(DAY, 14))
    assert directories.serial(OTHER) == 0


@pytest.mark.parametrize("office", ["", "..", "nobody"])
def test_unknown_offices_are_refused(directories: Directories, office: str) -> None:
    with pytest.raises(NoSuchOfficeError):
        directories.slice(office, DAY)
    with pytest.raises(NoSuchOfficeError):
        directories.publish(office, *signed(MADE))


def test_a_newer_directory_replaces_the_old_one(directories: Directories, layout: Layout) -> None:
    for serial in (1, 2, 2, 5):
        directories.publish(OFFICE, *signed(other_serial(MADE, serial)))
        assert directories.serial(OFFICE) == serial
    assert len(list(layout.directory(OFFICE).iterdir())) == 3  # current, the former, the pointer
    with pytest.raises(OldSerialError):
        directories.publish(OFFICE, *signed(other_serial(MADE, 4)))
    assert directories.serial(OFFICE) == 5


def refused(directories: Directories, *brought: object, error: type[ProtocolError]) -> None:
    with pytest.raises(error):
        directories.publish(OFFICE, *brought)  # type: ignore[arg-type]
    with pytest.raises(NoDirectoryError):
        directories.slice(OFFICE, DAY)


def test_a_stranger_cannot_publish(directories: Directories) -> None:
    refused(directories, *signed(MADE, SigningKey.generate()), error=BadSignatureError)


def test_another_offices_directory_is_refused(directories: Directories) -> None:
    refused(directories, *signed(directory(DAY, office=OTHER)), error=WrongContextError)


def test_another_instances_directory_is_refused(directories: Directories) -> None:
    foreign = replace(MADE, office=replace(MADE.office, instance=InstanceId(bytes(16))))
    refused(directories, *signed(foreign), error=WrongContextError)


def test_each_epoch_needs_its_slice(directories: Directories) -> None:
    document, slices = signed(MADE)
    some = dict(list(slices.items())[:-1])
    refused(directories, document, some, error=MalformedError)


def test_slices_must_be_the_directorys(directories: Directories) -> None:
    document, slices = signed(MADE)
    epochs = list(slices)
    swapped = slices | {epochs[0]: slices[epochs[1]]}
    refused(directories, document, swapped, error=WrongContextError)
    _other, newer = signed(other_serial(MADE, 2))
    refused(directories, document, slices | {epochs[0]: newer[epochs[0]]}, error=WrongContextError)
    fewer = replace(MADE, office=replace(MADE.office, channels=MADE.office.channels[:1]))
    _other, without = signed(fewer)
    refused(directories, document, slices | {epochs[0]: without[epochs[0]]}, error=WrongContextError)
    _other, forged = signed(MADE, SigningKey.generate())
    refused(directories, document, slices | {epochs[0]: forged[epochs[0]]}, error=BadSignatureError)


def test_no_file_tells_when(directories: Directories, layout: Layout) -> None:
    directories.publish(OFFICE, *signed(MADE))
    for path in layout.directory(OFFICE).rglob("*"):
        assert path.lstat().st_mtime_ns == 0
