"""Register, recap, performance and statistics as papers, in the language in use."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from crypto import statistics
from crypto.fields import Day
from crypto.statistics import Statistics
from workstation import terminal, texts, watermark
from workstation.casework import titles
from workstation.recap import names
from workstation.recap.counting import Recap
from workstation.recap.line import Line
from workstation.recap.names import Titles
from workstation.recap.paper import Paper, Table
from workstation.recap.performance import Passed, Performance
from workstation.recap.periods import Period
from workstation.recap.register import Register
from workstation.recap.statement import Statement
from workstation.station import Station
from workstation.texts import N_, _, n_
from workstation.timing.clock import Pause

_CHARTED: Final = ("quarter", "kind", "category", "office", "result", "timeliness")
_NEVER: Final = "–"
_PUBLIC: Final[Mapping[str, str]] = {
    "arrival": N_("How they came"),
    "category": N_("{of}: by category"),
    "kind": N_("By kind"),
    "office": N_("By the office that they are about"),
    "result": N_("What became of them"),
    "timeliness": N_("Against the limit for completing them"),
}
_STATES: Final[Mapping[str, str]] = {
    "in-time": N_("answered in time"),
    "late": N_("answered late"),
    "open": N_("open, not due yet"),
    "unanswered": N_("unanswered, overdue"),
}


def marked(station: Station, paper: Paper) -> Paper:
    """With the mark of a training station on it, if this is one."""
    instance = station.keys.place.instance
    return replace(
        paper,
        name=watermark.file_mark(instance) + paper.name,
        lead=[line for line in watermark.lines(instance, paper.lead) if line],
    )


def period_title(period: str) -> str:
    """A year or quarter as people write it."""
    return names.quarter(period) if "-" in period else period


def register(found: Register, period: Period, named: Titles, on: Day) -> Paper:
    """One row for each case, numbered as it is written."""
    head = (
        *(_("No."), _("Case"), _("Arrived"), _("How it came"), _("Kind"), _("Family"), _("Category")),
        *(_("Office"), _("Stage"), _("Result"), _("Due"), _("Closed"), _("Working days"), _("Timeliness")),
    )
    rows = [_register_row(number, each, named) for number, each in enumerate(found.agenda, 1)]
    title = _("Register of {period}").format(period=period_title(period.name))
    return Paper(
        name=f"peluit-register-{period.name}",
        title=title,
        lead=[*_readers(found, on), *_erased(found)],
        tables=[Table(title, head, rows, right=(0, 1, 12))],
    )


def recap(found: Register, figures: Recap, period: Period, named: Titles, on: Day) -> Paper:
    """The figures, a table and a chart for each dimension."""
    mean, stars = figures.mean_days, figures.stars
    totals = [
        (_("Cases"), str(figures.total)),
        (_("Open"), str(figures.open)),
        (_("On hold today"), str(figures.held)),
        (_("Never answered"), str(figures.unanswered)),
        (_("Merged with another case"), str(figures.merged)),
        (_("Erased"), str(figures.erased)),
        (_("Objections"), str(figures.objections)),
        (_("Reopened"), str(figures.reopened)),
        (_("Working days until closing, mean"), _NEVER if mean is None else _decimal(mean)),
        (_("Working days until closing, median"), _NEVER if mean is None else str(figures.median_days)),
        (_("Ratings (shown from five on)"), _NEVER if stars is None else str(stars.count)),
        (_("Stars, mean (shown from five on)"), _NEVER if stars is None else _decimal(stars.tenths / 10)),
    ]
    tables = [Table(_("All together"), (_("What"), _("Count")), totals, right=(1,))]
    for dimension, counted in figures.by.items():
        rows = [(named.value(dimension, value), str(count)) for value, count in counted.items()]
        bars = tuple(counted.values()) if dimension in _CHARTED else ()
        heading = _(names.DIMENSIONS[dimension])
        tables.append(Table(heading, (heading, _("Cases")), rows, right=(1,), bars=bars))
    by_stage = [(titles.stage(stage), str(count)) for stage, count in figures.stages.items()]
    tables.append(Table(_("Stage"), (_("Stage"), _("Cases")), by_stage, right=(1,)))
    tables.append(_by_office(figures, named))
    return Paper(
        name=f"peluit-recap-{period.name}",
        title=_("Recap of {period}").format(period=period_title(period.name)),
        lead=_readers(found, on),
        tables=tables,
    )


def performance(offices: Sequence[Performance], period: str, named: Titles, lead: Sequence[str]) -> Paper:
    """Each office in a row, then each of its dispositions with its pauses."""
    head = (
        *(_("Office"), _("Passed on"), _("In time"), _("Late"), _("Open"), _("Unanswered")),
        *(_("Mean days"), _("Most days late")),
    )
    rows = [
        (
            *(named.value("office", each.office), str(len(each.passed))),
            *(str(each.count(state)) for state in ("in-time", "late", "open", "unanswered")),
            _NEVER if each.mean_tenths is None else _decimal(each.mean_tenths / 10),
            str(each.longest_late),
        )
        for each in offices
    ]
    tables = [Table(_("All offices"), head, rows, right=(1, 2, 3, 4, 5, 6, 7))]
    tables += [_dispositions(each, named) for each in offices]
    return Paper(
        name=f"peluit-performance-{period}",
        title=_("Performance of offices, {period}").format(period=period_title(period)),
        lead=[*lead, _("Days are working days after the day of the disposition. Pauses do not count.")],
        tables=tables,
    )


def stated(statement: Statement, named: Titles) -> Paper:
    """What a signed statement says."""
    said = _("Stated on {day} by {reviewer}.").format(day=statement.day, reviewer=statement.reviewer)
    return performance(statement.offices, statement.period, named, [said])


def public(found: Statistics) -> Paper:
    """What a publication says, as the public will see it."""
    hidden = _("not shown")
    lead = [_("Counted: {quarters}").format(quarters=", ".join(map(names.quarter, found.quarters)))]
    if found.total is None:
        lead.append(
            _("Fewer than {count} reports, or too few to be shown.").format(count=statistics.SMALLEST)
        )
    else:
        lead.append(n_("{count} report", "{count} reports", found.total))
        lead.append(
            _("Counts below {count} are not shown, nor what would give them away.").format(
                count=statistics.SMALLEST
            )
        )
    if found.stars is not None:
        said = _("Answers were rated {mean} of 5 stars on average ({count} ratings).")
        lead.append(said.format(mean=_decimal(found.stars.tenths / 10), count=found.stars.count))
    tables = []
    for table in found.tables:
        of = "" if table.titles is None else terminal.safe(texts.named(table.titles))
        rows = [
            (terminal.safe(texts.named(row.titles)), hidden if row.count is None else str(row.count))
            for row in table.rows
        ]
        title = _(_PUBLIC[table.kind]).format(of=of)
        tables.append(Table(title, (_("What"), _("Reports")), rows, right=(1,)))
    return Paper(
        name=f"peluit-statistics-{found.period}",
        title=_("Public statistics, {period}").format(period=period_title(found.period)),
        lead=lead,
        tables=tables,
    )


def readers(reviewers: Sequence[str], on: Day) -> str:
    """Whose figures these are: nothing is said of what they cannot read."""
    said = _("From the cases that {readers} can read, as of {day}.")
    return said.format(readers=", ".join(reviewers), day=on)


def _readers(found: Register, on: Day) -> list[str]:
    return [readers(found.readers, on)]


def _erased(found: Register) -> list[str]:
    if not found.erased:
        return []
    return [
        n_(
            "{count} case was erased; it is counted in the recap and has no line here.",
            "{count} cases were erased; they are counted in the recap and have no line here.",
            len(found.erased),
        )
    ]


def _register_row(number: int, line: Line, named: Titles) -> tuple[str, ...]:
    count = line.count
    held = f" ({titles.hold_reason(line.held)})" if line.held else ""
    return (
        *(str(number), str(line.case), line.arrived, named.value("arrival", count.arrival)),
        *(named.value("kind", count.kind), named.value("family", count.family)),
        *(named.value("category", count.category), named.value("office", count.office)),
        *(titles.stage(line.stage) + held, named.value("result", count.result)),
        *(line.due or "", line.closed or "", "" if line.days is None else str(line.days)),
        named.value("timeliness", count.timeliness),
    )


def _by_office(figures: Recap, named: Titles) -> Table:
    states = tuple(names.TIMELINESS)
    rows = [
        (named.value("office", office), *(str(counted.get(state, 0)) for state in states))
        for office, counted in figures.by_office.items()
    ]
    head = (_("Office"), *(_(names.TIMELINESS[state]) for state in states))
    return Table(_("Timeliness by office"), head, rows, right=tuple(range(1, len(head))))


def _dispositions(performance: Performance, named: Titles) -> Table:
    head = (*(_("Passed on"), _("Due"), _("Answered"), _("Days"), _("Days late"), _("State"), _("Pauses")),)
    rows = [
        (
            *(each.sent, each.due, each.answered or "", str(each.days), str(each.late)),
            *(_(_STATES[each.state]), _pauses(each)),
        )
        for each in performance.passed
    ]
    return Table(named.value("office", performance.office), head, rows, right=(3, 4))


def _pauses(passed: Passed) -> str:
    return "; ".join(map(_pause, passed.pauses))


def _pause(pause: Pause) -> str:
    reason = _reason(pause.reason)
    if pause.until is None:
        return _("{reason} since {since}").format(reason=reason, since=pause.since)
    return _("{reason} from {since} to {until}").format(reason=reason, since=pause.since, until=pause.until)


def _reason(reason: str) -> str:
    """A pause of the course, or the time in which the reporter completes the report."""
    if reason in titles.HOLD_REASONS:
        return titles.hold_reason(reason)
    return titles.stage(reason) if reason in titles.STAGES else terminal.safe(reason)


def _decimal(number: float) -> str:
    text = f"{number:.1f}"
    return text.replace(".", ",") if texts.language() == "id" else text
