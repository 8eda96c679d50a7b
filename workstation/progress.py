"""How far a long piece of work has come, for whoever wants to know."""

from typing import Final

READING: Final = "reading"
JOINING: Final = "joining"
OPENING: Final = "opening"
SETTLING: Final = "settling"
MENDING: Final = "mending"
EXPORTING: Final = "exporting"
BACKING_UP: Final = "backing-up"
REHEARSING: Final = "rehearsing"
DRAWING: Final = "drawing"


class Progress:
    """Tells nobody; a terminal's or a page's progress derives from it.

    The steps of an import come in the order READING (items and bytes), JOINING (bytes of a blob that came in
    slices), OPENING (items, inside the vault's transaction), SETTLING (evidence files, after it), and OPENING
    again if there are many items; of a part that is read again, READING, MENDING (evidence files and bytes),
    SETTLING.
    """

    def title(self, text: str) -> None:
        """What the next steps are about."""

    def begin(self, step: str, items: int, size: int = 0) -> None:
        """A step begins that has so many items and bytes."""

    def advance(self, items: int, size: int = 0) -> None:
        """So many more items and bytes are done; 0: still at it. What it raises ends the work."""

    def end(self) -> None:
        """The step has ended, well or not."""


SILENT: Final = Progress()
