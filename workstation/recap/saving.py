"""Papers as files; the ending of the name says which kind."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from workstation import files
from workstation.errors import FileExistsAlreadyError, UsageError
from workstation.recap import as_csv, as_html
from workstation.recap.paper import Paper


def save(paper: Paper, path: Path, bom: bool = False) -> None:
    """Writes a new file; `bom` only for CSV.

    UsageError for another ending; FileExistsAlreadyError, NotAFolderError, DiskFullError, CannotWriteError.
    """
    data = render(paper, path.suffix, bom)
    try:
        files.write_new(path, [data])
    except FileExistsError:
        raise FileExistsAlreadyError(path=path) from None


def save_beside(paper: Paper, folder: Path, ending: str) -> Path:
    """Writes it into a folder under its own name, or the next that is free; as `save`."""
    return files.write_beside(folder / f"{paper.name}{ending}", render(paper, ending))


def render(paper: Paper, ending: str, bom: bool = False) -> bytes:
    """The bytes of a file with this ending; UsageError."""
    if ending == ".csv":
        return as_csv.write(paper, bom)
    if ending not in _KINDS:
        raise UsageError(missing=" | ".join(ENDINGS))
    return _KINDS[ending](paper)


def _pdf(paper: Paper) -> bytes:
    from workstation.recap import as_pdf  # takes a while to load, and few need it

    return as_pdf.write(paper)


_KINDS: Final[Mapping[str, Callable[[Paper], bytes]]] = {".html": as_html.write, ".pdf": _pdf}
ENDINGS: Final = (".csv", ".html", ".pdf")
