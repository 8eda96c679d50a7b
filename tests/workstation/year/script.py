"""The scripted year of a city inspectorate: 300 reports about twelve offices, always the same."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from tests.workstation.year import ways
from tests.workstation.year.story import RELATED, REPORTED, Story, chosen, working
from tests.workstation.year.ways import Way

REPORTS = 300
BEGIN = date(2026, 1, 5)
_DAYS = 345
OFFICES = (
    *("dinas-pendidikan", "dinas-kesehatan", "dinas-pekerjaan-umum", RELATED[1], "dinas-sosial"),
    *("dinas-kependudukan", "dinas-perizinan", "dinas-lingkungan", "badan-keuangan", "badan-kepegawaian"),
    *("kecamatan-utara", "kecamatan-selatan"),
)
_INTEGRITY = ("korupsi", "suap", "gratifikasi", "pungli", "pengadaan", "disiplin", "etika")
_SERVICE = ("jalan", "drainase", "penerangan", "kesehatan", "pendidikan", "kependudukan", "perizinan")
_CHANNELS = (("aduan-integritas", 45), ("aduan-layanan", 40), ("aspirasi", 8), ("permohonan-informasi", 7))
_KINDS = {
    "aduan-integritas": ("aduan", "integrity"),
    "aduan-layanan": ("aduan", "service"),
    "aspirasi": ("aspirasi", "none"),
    "permohonan-informasi": ("permohonan-informasi", "none"),
}
_SUPERVISED: Sequence[tuple[Way, int]] = (
    (ways.examined, 8), (ways.paused, 3), (ways.handed_over, 3), (ways.not_followed_up, 4),
    (ways.objected, 2), (ways.archived, 3), (ways.never_completed, 2), (ways.completed, 2),
    (ways.not_competent, 2), (ways.left_alone, 1),
)  # fmt: skip
_OTHERS: Sequence[tuple[Way, int]] = (
    (ways.answered, 14), (ways.not_followed_up, 2), (ways.objected, 1), (ways.archived, 2),
    (ways.never_completed, 1), (ways.completed, 1), (ways.not_competent, 2), (ways.left_alone, 1),
)  # fmt: skip


def year() -> list[Story]:
    """Every story of the year, in the order of its reports."""
    random = Random(2026)
    arrivals = sorted(BEGIN + timedelta(random.randrange(_DAYS)) for _ in range(REPORTS))
    stories: list[Story] = []
    for number, day in enumerate(arrivals, 1):
        story = _begun(number, day, random)
        original = _original(stories, story) if number % 12 == 0 else None
        if original is None:
            known = _SUPERVISED if story.family == "integrity" else _OTHERS
            random.choices([way for way, _ in known], [weight for _, weight in known])[0](story)
        else:
            _merged(story, original)
        stories.append(story)
    return stories


def _begun(number: int, day: date, random: Random) -> Story:
    channel = chosen(random, _CHANNELS)
    kind, family = _KINDS[channel]
    categories = {"integrity": _INTEGRITY, "service": _SERVICE}.get(family, ("",))
    by_hand = number % 10 == 0
    excluded = (REPORTED,) if family == "integrity" and number % 9 == 0 else ("r1",) if number == 101 else ()
    return Story(
        number=number,
        day=day,
        channel=channel,
        kind=kind,
        family=family,
        category=random.choice(categories),
        office=random.choice(OFFICES),
        arrival=random.choice(("letter", "sms", "social", "visit")) if by_hand else "drop",
        excluded=excluded,
        slow=random.random() < 0.15,
        random=random,
    )


def _original(stories: Sequence[Story], story: Story) -> Story | None:
    """A case under examination then, which the same people read."""
    return next(
        (
            other
            for other in reversed(stories)
            if not other.merged
            and other.closed is not None
            and other.closed > working(story.day, 10)
            and other.result in ("substantiated", "partly", "unsubstantiated")
            and other.readers == story.readers
        ),
        None,
    )


def _merged(story: Story, original: Story) -> None:
    """The same matter, reported by somebody else: it ends with the other case."""
    story.category, story.office = original.category, original.office
    story.kind, story.family = original.kind, original.family
    if day := ways.verified(story):
        story.move(day, "merged", "--into", "{other}", other=original.number)
        story.result, story.stage, story.closed = original.result, "closed", original.closed
        story.merged = True
