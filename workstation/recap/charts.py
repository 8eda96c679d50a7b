"""Bar charts as inline SVG: plain shapes and texts, no scripts, no styles, nothing said by colour alone.

Each bar carries its name and its number; a chart's table stands below it and says the same.
"""

from collections.abc import Sequence
from html import escape
from typing import Final

from workstation import terminal

_WIDTH: Final = 360
_ROW: Final = 36
_BAR: Final = 14
_LETTERS: Final = 48
_NUMBERS: Final = 50


def bars(title: str, labels: Sequence[str], lengths: Sequence[int]) -> str:
    """A name above a bar for each label, the longest over the whole width; long names are cut."""
    longest = max([*lengths, 1])
    rows = [
        _bar(_ROW * number, label, length, (_WIDTH - _NUMBERS) * length // longest)
        for number, (label, length) in enumerate(zip(labels, lengths, strict=True))
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_WIDTH} {_ROW * len(rows)}" '
        f'font-size="13" fill="currentColor" aria-label="{escape(title)}">{"".join(rows)}</svg>'
    )


def _bar(top: int, label: str, length: int, width: int) -> str:
    bar, end = top + 17, max(width, 1)
    return (
        f'<text x="0" y="{top + 12}">{escape(terminal.fit(label, _LETTERS))}</text>'
        f'<rect x="0" y="{bar}" width="{end}" height="{_BAR}" fill-opacity="0.6"/>'
        f'<text x="{end + 6}" y="{bar + _BAR - 2}">{length}</text>'
    )
