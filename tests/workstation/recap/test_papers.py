"""A paper as lines, CSV, HTML and PDF: the same each time, and nothing in it does anything."""

import csv
import io
import re

import pytest

from workstation import terminal
from workstation.recap import as_csv, as_html, as_pdf, as_text, charts
from workstation.recap.paper import Paper, Table

HOSTILE = '<script>alert(1)</script> & "x"'
PAPER = Paper(
    "peluit-x",
    f"Rekap {HOSTILE}",
    ["Kalimat."],
    [
        Table("Satu", ("Nama", "Jumlah"), [(HOSTILE, "3"), ("b" * 90, "1")], right=(1,), bars=(3, 1)),
        Table("Dua", ("Nama",), [("ä",)]),
    ],
)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "|x", "%x"])
def test_a_spreadsheet_computes_nothing(cell: str) -> None:
    paper = Paper("x", "x", [], [Table("t", ("a", "b"), [(cell, "5")])])
    _head, row = csv.reader(io.StringIO(as_csv.write(paper).decode(), newline=""))
    assert row == [f"'{cell}", "5"]


def test_csv_has_a_title_for_each_table_and_a_mark_if_asked() -> None:
    rows = list(csv.reader(io.StringIO(as_csv.write(PAPER).decode())))
    assert rows[:3] == [["Satu"], ["Nama", "Jumlah"], [HOSTILE, "3"]] and ["Dua"] in rows
    assert as_csv.write(PAPER, bom=True) == b"\xef\xbb\xbf" + as_csv.write(PAPER)


def test_html_is_inert_and_each_chart_has_its_table() -> None:
    page = as_html.write(PAPER).decode()
    assert "<script" not in page and "default-src 'none'" in page
    assert page.count("<svg") == 1 and page.count("<table>") == 2
    chart = charts.bars("Satu", [row[0] for row in PAPER.tables[0].rows], PAPER.tables[0].bars)
    assert re.findall(r">(\d+)</text>", chart) == ["3", "1"]
    assert 'role="img"' in chart and 'aria-label="Satu"' in chart and "style" not in chart


def test_pdf_is_the_same_each_time_and_has_no_time() -> None:
    first = as_pdf.write(PAPER)
    assert first == as_pdf.write(PAPER) and first.startswith(b"%PDF-")
    assert set(re.findall(rb"/(?:CreationDate|ModDate) \(([^)]*)", first)) == {b"D:20000101000000+00'00'"}
    many = Table("Lebar", [f"kolom {n}" for n in range(14)], [["isi"] * 14] * 200)
    assert as_pdf.write(Paper("x", "x", [], [many])).count(b"/Type /Page\n") > 3


@pytest.mark.parametrize("columns", [40, 80, 100])
def test_no_line_is_wider_than_the_terminal(columns: int) -> None:
    lines = as_text.lines(PAPER, columns)
    assert max(map(terminal.width, lines)) <= columns
    assert any(line.startswith("  Nama: ") for line in lines) is (columns < 100)
