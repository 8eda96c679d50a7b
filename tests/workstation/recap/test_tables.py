"""All tables of a publication together: for every hidden count there are other cases that say the same."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.recap import counts as counting
from workstation.recap import statistics
from workstation.recap.counts import Count
from workstation.recap.names import PUBLIC_ARRIVALS, PUBLIC_KINDS, PUBLIC_RESULTS, Titles
from workstation.recap.periods import Quarter
from workstation.recap.suppression import SMALLEST
from workstation.review import categories

OFFICES = {f"dinas-{n}": {"en": f"Office {n}", "id": f"Dinas {n}"} for n in range(3)}
NAMED = Titles(categories.load(categories.DEFAULT), OFFICES)
RESULTS = ("archived", "forwarded", "open", "no-action", "answered", "unsubstantiated", "partly")
FIELDS = {"office": ("", *OFFICES), "arrival": tuple(PUBLIC_ARRIVALS), "result": RESULTS}
EXCHANGED = ("arrival", "office")
KINDS = {
    "permohonan-informasi": ("permohonan-informasi", "none"),
    "aspirasi": ("aspirasi", "none"),
    "service": ("aduan", "service"),
    "integrity": ("aduan", "integrity"),
}
BASE = Count(Quarter("2026-Q3"), "aduan", "service", "", "", "drop", "open", "not-due")


@st.composite
def cases(draw: st.DrawFn) -> list[Count]:
    """Up to nine cases of each kind, so that counts lie on both sides of the limit."""
    kinds = draw(st.lists(st.integers(0, 9), min_size=len(KINDS), max_size=len(KINDS)))
    found = [
        replace(BASE, kind=kind, family=family)
        for (kind, family), count in zip(KINDS.values(), kinds, strict=True)
        for _ in range(count)
    ]
    size = len(found)
    for name, values in FIELDS.items():
        picked = draw(st.lists(st.sampled_from(values), min_size=size, max_size=size))
        found = [replace(each, **{name: value}) for each, value in zip(found, picked, strict=True)]
    names = ("", "korupsi", "pungli")
    picked = draw(st.lists(st.sampled_from(names), min_size=size, max_size=size))
    return [
        replace(each, category=value) if each.family == "integrity" else each
        for each, value in zip(found, picked, strict=True)
    ]


def said(counts: Sequence[Count]) -> list[statistics.Table]:
    return list(statistics.tables(counts, NAMED))


def renamed(counts: Sequence[Count], name: str, values: Sequence[str], vector: Sequence[int]) -> list[Count]:
    """The same cases, of which those with one of these values now have them as often as the vector says."""
    fresh = iter([value for value, count in zip(values, vector, strict=True) for _ in range(count)])
    theirs = [getattr(each, name) in values for each in counts]
    return [
        replace(each, **{name: next(fresh)}) if hidden else each
        for each, hidden in zip(counts, theirs, strict=True)
    ]


@settings(max_examples=15, deadline=None)
@given(cases().filter(lambda counts: len(counts) >= SMALLEST))
def test_other_cases_would_say_the_same(counts: list[Count]) -> None:
    """In offices and arrivals: some cases get another value, and all tables stay as they are."""
    published = said(counts)
    for table in published:
        values = FIELDS[table.kind] if table.kind in EXCHANGED else ()
        hidden = [value for value, row in zip(values, table.rows, strict=False) if row.count is None]
        own = [sum(getattr(each, table.kind) == value for each in counts) for value in hidden]
        unsure = set(range(len(hidden)))
        for vector in others(own):
            if not unsure:
                break
            changed = {cell for cell in unsure if vector[cell] != own[cell]}
            if changed and said(renamed(counts, table.kind, hidden, vector)) == published:
                unsure -= changed
        assert not unsure, (table, own)


def others(own: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Other ways to share the same sum: one case more here and one less there; nearly all in one cell."""
    near = (tuple(map(sum, zip(own, step, strict=True))) for step in steps(len(own)))
    yield from (vector for vector in near if min(vector) >= 0)
    for step in steps(len(own)):
        yield tuple({1: sum(own) - 1, -1: 1}.get(each, 0) for each in step)


def steps(cells: int) -> Iterator[tuple[int, ...]]:
    """One case goes from one cell to another."""
    for source, target in product(range(cells), repeat=2):
        if source != target:
            yield tuple((cell == target) - (cell == source) for cell in range(cells))


@given(cases())
def test_what_is_shown_is_true_and_categories_are_only_shown_of_shown_kinds(counts: list[Count]) -> None:
    kinds, *others = said(counts)
    shown = [row for row in kinds.rows[1:] if row.count is not None]
    tables = [table for table in others if table.kind == "category"]
    assert [table.titles for table in tables] == [row.titles for row in shown]
    for table, row in zip(tables, shown, strict=True):
        assert sum(each.count or 0 for each in table.rows) <= (row.count or 0)
    assert {table.kind for table in others} == {"category", "office", "result", "arrival", "timeliness"} - (
        set() if tables else {"category"}
    )
    assert len(kinds.rows) == len(PUBLIC_KINDS)


def test_every_result_has_its_place() -> None:
    assert set(statistics._RESULTS) == set(counting.RESULTS)
    assert set(statistics._RESULTS.values()) == set(PUBLIC_RESULTS) - {""}


@given(cases().filter(lambda counts: len(counts) >= SMALLEST), st.data())
def test_who_is_excluded_from_a_case_and_reads_all_others_finds_nothing_of_it(
    counts: list[Count], data: st.DataObject
) -> None:
    """Whatever the case is about, the tables are the same."""
    one = data.draw(st.sampled_from(counts))
    hidden, other = (replace(each, restricted=True) for each in (one, data.draw(st.sampled_from(counts))))
    assert said([*counts, hidden]) == said([*counts, other])
