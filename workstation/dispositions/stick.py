"""What goes to an office on another server, as one file on a stick; taking.py takes it in there.

```
file = "peluit-office/1\\n" ‖ an inbound bundle (crypto/bundle.py) of one item and the blobs it tells of
```

The bundle is for that office's installation, but no server made it: the beginning keeps it from being
imported, counted and confirmed as one.
"""

import secrets
from collections.abc import Sequence
from typing import Final

from crypto import bundle, canonical
from crypto.constants import ID_SIZE
from crypto.fields import Day
from crypto.item import item_id
from crypto.manifest import Entry, Inbound
from workstation.files import Unnamed
from workstation.offices import addressing
from workstation.offices.office_errors import NotEnrolledError
from workstation.offices.registry import Office

START: Final = b"peluit-office/1\n"


def write(
    file: Unnamed, office: Office, document: bytes, blobs: Sequence[tuple[bytes, bytes]], on: Day
) -> None:
    """Seals a signed document for an office and writes it with its blobs, each (id, sealed bytes).

    NotEnrolledError, OldKeysError; DiskFullError, CannotWriteError.
    """
    directory = office.directory
    if directory is None:
        raise NotEnrolledError(office=office.id)
    channel, item = addressing.seal(office.id, directory, document, on)
    contents = {f"items/{item_id(item).hex()}": bytes(item)}
    contents |= {f"blobs/{name.hex()}": data for name, data in blobs}
    entries = tuple(
        Entry("item", path, len(data), channel, on)
        if path.startswith("items/")
        else Entry("blob", path, len(data), None, on, 0, len(data))
        for path, data in contents.items()
    )
    place = directory.office
    manifest = Inbound(place.instance, place.id, secrets.token_bytes(ID_SIZE), 1, 1, 1, on, entries)
    file.write(START)
    for piece in bundle.write(
        manifest, lambda entry, skip: iter([contents[entry.path][skip:]]), canonical.dump
    ):
        file.write(piece)
