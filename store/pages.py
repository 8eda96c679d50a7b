"""The static site as files; rendered and put in place elsewhere, before anything is served."""

from store.files import read_quietly
from store.layout import Layout


def read(layout: Layout) -> dict[str, bytes]:
    """The static site's files, path under `public/pages` → bytes. Hidden files are half-written ones."""
    files = (path for path in layout.pages.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {str(path.relative_to(layout.pages)): read_quietly(path) for path in files}
