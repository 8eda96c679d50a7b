"""A paper as one HTML file that prints well: no scripts, nothing from elsewhere, a table below each chart."""

from html import escape
from typing import Final

from workstation import texts
from workstation.recap import charts
from workstation.recap.paper import Paper, Table

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE: Final = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #111; background: #fff }
h1 { font-size: 1.5rem; line-height: 1.2 } h2 { font-size: 1.1rem; margin-top: 2rem }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid #999; vertical-align: top }
.number { text-align: right } svg { display: block; width: 100%; max-width: 26rem; margin: 1rem 0; color: #234 }
section { overflow-x: auto }
@page { size: A4; margin: 18mm 15mm }
@media print { body { font-size: 10pt; margin: 0; padding: 0; max-width: none } section { break-inside: avoid-page; overflow: visible } thead { display: table-header-group } tr { break-inside: avoid } }
"""  # noqa: E501


def write(paper: Paper) -> bytes:
    """The whole file in the language in use, UTF-8."""
    lead = "".join(f"<p>{escape(sentence)}</p>\n" for sentence in paper.lead)
    tables = "".join(_section(table) for table in paper.tables)
    return (
        f'<!doctype html>\n<html lang="{texts.language()}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{escape(paper.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{escape(paper.title)}</h1>\n{lead}{tables}</body>\n</html>\n"
    ).encode()


def chart(table: Table) -> str:
    """The SVG of a table that has bars, else nothing."""
    return charts.bars(table.title, [row[0] for row in table.rows], table.bars) if any(table.bars) else ""


def _section(table: Table) -> str:
    head = "".join(
        f'<th scope="col"{_number(table, i)}>{escape(cell)}</th>' for i, cell in enumerate(table.head)
    )
    rows = "".join(
        "<tr>"
        + "".join(f"<td{_number(table, i)}>{escape(cell)}</td>" for i, cell in enumerate(row))
        + "</tr>\n"
        for row in table.rows
    )
    return (
        f"<section>\n<h2>{escape(table.title)}</h2>\n{chart(table)}\n<table>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{rows}</tbody>\n</table>\n</section>\n"
    )


def _number(table: Table, column: int) -> str:
    return ' class="number"' if column in table.right else ""
