"""`peluit sealing-page`: the page that locks reports where no network is, as a file to be handed out."""

import sys
from pathlib import Path

from peluit.errors import FileThereError, NoDataError, NotBuiltError, RefusedError
from source_app.pages import Language
from source_app.sealing_files import SealingFiles
from source_app.sealing_page import sha256_line
from store.errors import StoreError
from store.layout import Layout


def write(folder: Path, to: Path, language: Language) -> None:
    """Writes what the server serves, byte for byte, and prints its SHA-256 as sha256sum does.

    NoDataError, NotBuiltError, FileThereError, RefusedError, OSError.
    """
    layout = Layout(folder)
    if not layout.site.is_file():
        raise NoDataError(folder)
    try:
        page = SealingFiles(layout).page(language)
    except FileNotFoundError:
        raise NotBuiltError from None
    except StoreError as error:
        raise RefusedError(error) from None
    try:
        file = to.open("xb")
    except FileExistsError:
        raise FileThereError(to) from None
    try:
        with file:
            file.write(page)
    except OSError:
        to.unlink()  # half a page would be no page, and its name would be taken
        raise
    sys.stdout.write(sha256_line(page, to.name).decode())
