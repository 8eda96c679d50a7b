"""What reporters can fetch now."""

from flask import Blueprint, g, render_template

from crypto import board
from crypto.constants import PAGE_SLOTS
from crypto.directory import Directory
from journalist_app.front import PREFIX
from journalist_app.parts import my_office, parts
from store import overview
from store.errors import NoDirectoryError, NoSuchPageError
from store.files import read_quietly

blueprint = Blueprint("board", __name__, url_prefix=PREFIX)


@blueprint.get("/board")
def published() -> str:
    """The board, which all offices of the server share, and the keys of one's own office."""
    version, hints = _index()
    return render_template(
        "board.html",
        office=my_office().names[g.language],
        version=version,
        slots=len(hints),
        pages=len(hints) // PAGE_SLOTS,
        next=parts().schedule.next(parts().clock()),
        expiring=overview.expiring(parts().database),
        directory=_directory(),
    )


def _index() -> tuple[bytes | None, tuple[bytes, ...]]:
    try:
        return board.read_index(read_quietly(parts().board.index()))
    except NoSuchPageError:
        return None, ()


def _directory() -> Directory | None:
    try:
        return parts().directories.directory(my_office().id)
    except NoDirectoryError:
        return None
