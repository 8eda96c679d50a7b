"""The review sheet (lembar telaah) of a case: what the review found, before anything is done about it.

A sheet is a step of the case's journal (kind `sheet`) and never changed; the newest holds. Its rules of the
arrows are in facts.py: whether there is one, and whether it says that the matter is one of supervision.
Source: requirements S0-10, S0-15 and 3.2 (5W1H; and whether the reporter could be recognised).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from crypto.canonical import Json
from crypto.errors import MalformedError, ProtocolError
from crypto.fields import Day, Fields
from crypto.message import Report
from workstation import cases, thread
from workstation.cases import Case
from workstation.casework import journal
from workstation.casework.errors import BadSheetError
from workstation.casework.journal import Step
from workstation.casework.words import checked
from workstation.errors import VaultDamagedError
from workstation.station import Station
from workstation.texts import N_, _

QUESTIONS: Final = {
    "what": N_("what"),
    "who": N_("who"),
    "where": N_("where"),
    "when": N_("when"),
    "why": N_("why"),
    "how": N_("how"),
}
STRENGTHS: Final = {
    "none": N_("none"),
    "weak": N_("weak"),
    "fair": N_("fair"),
    "strong": N_("strong"),
}
RISKS: Final = {
    "unlikely": N_("unlikely"),
    "possible": N_("possible"),
    "likely": N_("likely"),
}
RECOMMENDATIONS: Final = {
    "clarification": N_("clarification"),
    "examination": N_("examination"),
    "disposition": N_("disposition to an office"),
    "no-action": N_("no follow-up"),
    "complete": N_("ask the reporter to complete it"),
    "not-competent": N_("forward it: outside our competence"),
}
"""Ids, and what they are called. QUESTIONS: those of 5W1H, which are also ids of fields of the forms."""

WORDS: Final = {
    "evidence_words": N_("what the evidence shows"),
    "ground": N_("legal ground"),
    "known_to": N_("who else knows of it"),
    "conflict": N_("conflict of interest that was seen"),
    "reasons": N_("reasons"),
}
"""The fields in words, and what they are called."""

_RULE: Final = N_(
    "it is one JSON object with the fields of the template (peluit station review CASE --template), each "
    "with a value that the command's help names"
)


@dataclass(frozen=True)
class ReviewSheet:
    """What the review found.

    `answered`: those of `QUESTIONS` that the report answers; `evidence`: how strong it is, and why in words;
    `supervision`: whether the matter is one of supervision (berkadar pengawasan), and the legal `ground`;
    `recognisable`: how likely somebody guesses the reporter from the content, and `known_to`: who else knows
    of the matter; `conflict`: one of interest that was seen, or empty; `reasons` for the recommendation.
    """

    answered: tuple[str, ...]
    evidence: str
    evidence_words: str
    supervision: bool
    ground: str
    recognisable: str
    known_to: str
    conflict: str
    recommendation: str
    reasons: str

    @property
    def missing(self) -> tuple[str, ...]:
        """The questions that nobody has answered."""
        return tuple(each for each in QUESTIONS if each not in self.answered)


@dataclass(frozen=True)
class Written:
    """A sheet with who wrote it, and when."""

    sheet: ReviewSheet
    step: Step


def answered(station: Station, case: Case) -> tuple[str, ...]:
    """The questions that the reports of a case answer, by the ids of the form's fields."""
    given = {
        name
        for entry in thread.messages(station, case)
        if isinstance(entry.message.content, Report)
        for name, untrusted_answer in entry.message.content.answers.items()
        if untrusted_answer.strip()
    }
    return tuple(each for each in QUESTIONS if each in given)


def begun(station: Station, case: Case) -> ReviewSheet:
    """What a new sheet starts from: the newest, or what the report itself shows."""
    found = latest(journal.of_case(station, case))
    if found is not None:
        return found.sheet
    return ReviewSheet(answered(station, case), "none", "", False, "", "possible", "", "", "complete", "")


def keep(station: Station, case: Case, untrusted_value: object, on: Day) -> Case:
    """Keeps a sheet, given as the object that `write` makes.

    BadSheetError, WordsMissingError, WordsTooLongError, WordsTextError.
    """
    sheet = _checked(untrusted_value)
    with station.vault.transaction():
        case = cases.find(station, case.number)
        return journal.add(station, case, "sheet", write(sheet), on)[0]


def all_of(steps: Sequence[Step]) -> list[Written]:
    """Every sheet of a case, the oldest first; VaultDamagedError."""
    return [Written(_read_kept(step.details), step) for step in journal.of_kind(steps, "sheet")]


def latest(steps: Sequence[Step]) -> Written | None:
    """The sheet that holds, None before the first."""
    return next(reversed(all_of(steps)), None)


def write(sheet: ReviewSheet) -> dict[str, Json]:
    """The details of a step of the kind `sheet`, and the form of the file that the command reads."""
    return {**asdict(sheet), "answered": list(sheet.answered)}


def _checked(untrusted_value: object) -> ReviewSheet:
    try:
        sheet = _read(untrusted_value)
    except ProtocolError:
        raise BadSheetError(rule=_(_RULE)) from None
    needed = _needed(sheet)
    words: dict[str, Any] = {
        name: checked(getattr(sheet, name), _(what), name in needed) for name, what in WORDS.items()
    }
    return replace(sheet, **words)


def _needed(sheet: ReviewSheet) -> Collection[str]:
    """What must be said in words."""
    return {
        "reasons",
        *(("ground",) if sheet.supervision else ()),
        *(("evidence_words",) if sheet.evidence != "none" else ()),
    }


def _read_kept(details: Mapping[str, Json]) -> ReviewSheet:
    try:
        return _read(dict(details))
    except ProtocolError:
        raise VaultDamagedError from None


def _read(untrusted_value: object) -> ReviewSheet:
    given = Fields(untrusted_value)
    answers = given.list_of("answered", lambda value: Fields({"": value}).one_of("", tuple(QUESTIONS)), 0, 6)
    sheet = ReviewSheet(
        answered=tuple(each for each in QUESTIONS if each in answers),
        evidence=given.one_of("evidence", tuple(STRENGTHS)),
        evidence_words=given.text("evidence_words"),
        supervision=_yes_or_no(given.take("supervision")),
        ground=given.text("ground"),
        recognisable=given.one_of("recognisable", tuple(RISKS)),
        known_to=given.text("known_to"),
        conflict=given.text("conflict"),
        recommendation=given.one_of("recommendation", tuple(RECOMMENDATIONS)),
        reasons=given.text("reasons"),
    )
    given.end()
    return sheet


def _yes_or_no(untrusted_value: object) -> bool:
    if not isinstance(untrusted_value, bool):
        raise MalformedError
    return untrusted_value
