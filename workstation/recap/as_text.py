"""A paper on the terminal."""

from workstation import terminal
from workstation.recap.paper import Paper, Table


def lines(paper: Paper, columns: int) -> list[str]:
    """Wrapped lines; a table that is wider than the terminal shows one row as several lines."""
    found = [*terminal.wrap(paper.title, columns), ""]
    for sentence in paper.lead:
        found += terminal.wrap(sentence, columns)
    for table in paper.tables:
        found += ["", *terminal.wrap(table.title, columns), *_table(table, columns)]
    return found


def _table(table: Table, columns: int) -> list[str]:
    drawn = terminal.table(table.head, table.rows, table.right)
    if all(terminal.width(line) <= columns - 2 for line in drawn):
        return [f"  {line}" for line in drawn]
    found = []
    for row in table.rows:
        cells = [f"{head}: {cell}" for head, cell in zip(table.head, row, strict=True) if cell]
        for number, piece in enumerate(terminal.wrap(" · ".join(cells), columns - 4)):
            found.append(("  " if number == 0 else "    ") + piece)
    return found
