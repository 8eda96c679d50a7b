"""Retention in words, for the terminal and the page."""

from collections.abc import Sequence
from pathlib import Path

from workstation import terminal, texts
from workstation.casework import titles
from workstation.commands import common
from workstation.keeping import certificate
from workstation.keeping.certificate import Certificate
from workstation.keeping.retention import Kept
from workstation.keeping.retention_rules import Rule
from workstation.texts import _, n_


def rule_lines(found: dict[str, Rule]) -> list[str]:
    """The rules as a table, and where they come from."""
    head = (_("Result"), _("Kept for"), _("Checked on"))
    rows = [(titles.outcome(rule.outcome), duration(rule.months), rule.checked_on) for rule in found.values()]
    wrapped = [
        line for text in citations(found) for line in terminal.wrap(terminal.safe(text), common.columns())
    ]
    return [*terminal.table(head, rows), "", *wrapped]


def citations(found: dict[str, Rule]) -> list[str]:
    """Where the rules come from, each source once."""
    return list(dict.fromkeys(texts.named(rule.citation) for rule in found.values()))


def duration(months: int) -> str:
    """So many years, or months if they are no whole years."""
    years, rest = divmod(months, 12)
    return (
        n_("{count} month", "{count} months", months) if rest else n_("{count} year", "{count} years", years)
    )


def due_lines(found: Sequence[Kept]) -> list[str]:
    """Closed cases and what there is to know of them."""
    if not found:
        return [_("No case is due to be destroyed.")]
    head = (_("Case"), _("Result"), _("Due on"), _("Remarks"))
    rows = [
        (str(kept.case.number), titles.outcome(kept.rule.outcome), kept.ends, remark(kept)) for kept in found
    ]
    return [
        *terminal.table(head, rows),
        _("To destroy some of them: peluit station retention erase CASE --to DIR"),
    ]


def remark(kept: Kept) -> str:
    """What stops it, who proposed it, and what goes with it."""
    said = []
    if kept.held:
        said.append(_("kept for a legal process"))
    if kept.proposed is not None:
        said.append(_("proposed by {reviewer}").format(reviewer=kept.proposed))
    if len(kept.group) > 1:
        others = ", ".join(str(number) for number in kept.group if number != kept.case.number)
        said.append(_("with {cases}").format(cases=others))
    return "; ".join(said)


def proposed_lines(wanted: Sequence[Kept]) -> list[str]:
    """That somebody else must agree."""
    numbers = ", ".join(str(kept.case.number) for kept in wanted)
    return [_("Proposed: {cases}. Another reader of them must give the same command.").format(cases=numbers)]


def warning(wanted: Sequence[Kept]) -> str:
    """What will be gone."""
    return _(
        "Cases {cases} will be gone for every reviewer, with everything in them. Backups that were made "
        "before still hold them."
    ).format(cases=", ".join(str(kept.case.number) for kept in wanted))


def destroyed_lines(numbers: Sequence[int], path: Path) -> list[str]:
    """What went, and what is left to do."""
    return [
        _("Destroyed: {cases}.").format(cases=", ".join(map(str, numbers))),
        _("Certificate: {path}").format(path=terminal.safe(str(path))),
        _("Destroy backups of before, when a newer one has been rehearsed."),
    ]


def proven_lines(found: Certificate) -> list[str]:
    """What the certificate proves."""
    return [_("The signature holds."), *certificate.describe(found)]
