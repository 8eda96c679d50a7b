"""What an outbound bundle carries of a new directory: itself and a slice for each week, all signed."""

from nacl.signing import SigningKey

from crypto.constants import MAX_DIRECTORY_SIZE, MAX_SLICE_SIZE
from crypto.directory import Directory, read_directory, read_slice, sign_directory, sign_slice
from crypto.errors import ProtocolError
from workstation.errors import BadPlanError
from workstation.outbound import Document
from workstation.texts import _


def make(directory: Directory, root: SigningKey) -> list[Document]:
    """The directory first, then its slices; BadPlanError for what no client would take."""
    slices = [
        Document("slice", f"slices/{epoch}", sign_slice(directory, epoch, root)) for epoch in directory.epochs
    ]
    documents = [Document("directory", "directory", sign_directory(directory, root)), *slices]
    _check(documents, root.verify_key.encode())
    return documents


def _check(documents: list[Document], root: bytes) -> None:
    directory, *slices = [document.data for document in documents]
    if max(map(len, slices)) > MAX_SLICE_SIZE or len(directory) > MAX_DIRECTORY_SIZE:
        raise BadPlanError(what=_("the forms, titles and notes are too long, all together"))
    try:
        read_directory(directory, root)
        for document in slices:
            read_slice(document, root)
    except ProtocolError:
        raise BadPlanError(
            what=_("a title is empty or too long, or a channel names an unknown reviewer")
        ) from None
