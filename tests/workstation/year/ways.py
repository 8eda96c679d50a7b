"""The ways that a report can go, each worked through to its end or to the end of the year."""

from collections.abc import Callable
from datetime import date, timedelta

from crypto.message import Text
from tests.workstation.year.story import Story, working

Way = Callable[[Story], None]


def archived(story: Story) -> None:
    if day := verified(story):
        agreed = working(day, story.random.randint(1, 4))
        story.close(day, "archived", "--reason", "tidak jelas", agreed=agreed)


def never_completed(story: Story) -> None:
    if (day := verified(story)) and asked(story, day):
        story.close(day + timedelta(31), "incomplete")
        story.paused.append((day, story.closed or date.max))


def completed(story: Story) -> None:
    """Asked, completed by the reporter, and then not followed up."""
    if not (day := verified(story)) or not asked(story, day):
        return
    told = day + timedelta(story.random.randint(3, 20))
    back = working(told, 1)
    if story.say(told, Text("Ini kelengkapannya.", "message")) and story.move(back, "verification"):
        story.paused.append((day, back))
        _not_followed_up(story, working(back, 1))
    else:
        story.paused.append((day, date.max))


def not_competent(story: Story) -> None:
    if not (day := verified(story)):
        return
    agreed = working(day, 2)
    if not story.move_with_two(day, agreed, "not-competent", "--reason", "bukan wewenang kami"):
        return
    sent = working(agreed, 1)
    if forwarded(story, agreed, "badan-pusat") and story.move(sent, "forwarded"):
        story.close(working(sent, 1), "forwarded")


def not_followed_up(story: Story) -> None:
    if day := verified(story):
        _not_followed_up(story, day)


def objected(story: Story) -> None:
    """Closed without action, reopened on an objection, and closed again."""
    not_followed_up(story)
    if story.closed and story.object(story.closed + timedelta(5)):
        again = working(story.closed, 6)
        if story.move(again, "reopened", "--reason", "objection"):
            story.objections += 1
            _not_followed_up(story, working(again, 1))


def answered(story: Story) -> None:
    """Handled by the office that it is about; closed because the reporter accepts it, or stays silent."""
    if not (day := reviewed(story, "no", "disposition")) or not story.move(day, "disposition"):
        return
    if not forwarded(story, day, story.office) or not story.move(working(day, 1), "office-handling"):
        return
    told = working(day, 25 if story.slow else story.random.randint(3, 8))
    if not answer_came(story, told) or not story.move(told, "answered", *story.answer("Sudah dikerjakan.")):
        return
    if story.random.random() < 0.5:
        story.rate(told + timedelta(2))
        closes(story, working(told, 4), "answered", "--reason", "accepted")
    else:
        closes(story, working(told, 11), "answered", "--reason", "silence")


def examined(story: Story) -> None:
    if not (day := under_examination(story)):
        return
    found = story.random.choice(("substantiated", "partly", "unsubstantiated"))
    followed_up(story, working(day, 55 if story.slow else story.random.randint(10, 30)), found)


def paused(story: Story) -> None:
    """On hold in the middle of an examination."""
    if not (day := under_examination(story)):
        return
    until = working(day, story.random.randint(15, 40))
    if story.pause(working(day, 2), until, "legal-process"):
        followed_up(story, working(until, 3), "partly")


def handed_over(story: Story) -> None:
    """To law enforcement, with a package without identity."""
    if not (day := under_examination(story)):
        return
    sent = working(day, 8)
    after, letter = working(sent, 2), f"B/{story.number}/2026"
    if (
        packaged(story, sent)
        and story.move(sent, "handed-over", "--reference", letter)
        and story.move(after, "follow-up")
    ):
        closes(story, working(after, 10), "handed-over")


def left_alone(story: Story) -> None:
    """Verified, and then forgotten."""
    verified(story)


def under_examination(story: Story) -> date | None:
    """The day of the letter that orders it."""
    day = clarified(story)
    letter = f"ST/{story.number}/2026"
    return day if day and story.move(day, "examination", "--reference", letter) else None


def followed_up(story: Story, day: date, found: str) -> None:
    """The examination's result, what is done about it, and the end."""
    letter, after = f"LHP/{story.number}/2026", working(day, 2)
    if story.move(day, "result", "--outcome", found, "--reference", letter) and story.move(
        after, "follow-up"
    ):
        closes(story, working(after, 5), found)


def forwarded(story: Story, day: date, office: str) -> bool:
    """Passed on as a letter, with what is suggested of the report."""
    return story.act(
        day, "forward", "{case}", "--office", office, "--subject", "pengaduan", "--text", "Mohon ditangani.",
        "--paper", "--to", "{folder}", "--yes",
    )  # fmt: skip


def answer_came(story: Story, day: date) -> bool:
    """The office's answer, on paper."""
    return story.act(day, "dispositions", "answered", "{case}", "1", "--text", "Sudah dikerjakan.")


def packaged(story: Story, day: date) -> bool:
    """The package without identity for law enforcement."""
    words = ("--subject", "dugaan korupsi", "--letter", f"B/{story.number}/2026", "--to", "{folder}")
    return story.act(day, "package", "make", "{case}", "--office", "kejaksaan", *words)


def verified(story: Story) -> date | None:
    """Classified and taken into verification; the day on which it can go on."""
    begun = working(story.day, 6 if story.slow else story.random.randint(1, 2))
    words = ("classify", "{case}", "--kind", story.kind, "--family", story.family)
    words += ("--category", story.category) if story.category else ()
    words += ("--office", story.office) if story.office else ()
    if not story.act(begun, *words) or not story.move(begun, "verification"):
        return None
    return working(begun, 1)


def asked(story: Story, day: date) -> bool:
    return story.move(day, "incomplete", *story.answer("Mohon dilengkapi."))


def reviewed(story: Story, supervision: str, recommendation: str) -> date | None:
    """Verified, reviewed and its sheet written."""
    day = verified(story)
    if day is None or not story.move(day, "review"):
        return None
    return _sheet(story, working(day, 2), supervision, recommendation)


def clarified(story: Story) -> date | None:
    day = reviewed(story, "yes", "clarification")
    return working(day, 3) if day and story.move(day, "clarification") else None


def closes(story: Story, day: date, result: str, *words: str) -> None:
    """With cause and improvement, which must be written down before."""
    lessons: tuple[str, ...] = ("--cause", "pengawasan lemah", "--improvement", "perbaiki prosedur")
    lessons += () if story.category else ("--sector", "pelayanan")
    if story.act(day, "lessons", "{case}", *lessons):
        story.close(day, result, *words)


def _sheet(story: Story, day: date, supervision: str, recommendation: str) -> date | None:
    words = (
        "review",
        "{case}",
        "--answered",
        "what,where",
        "--evidence",
        "none",
        "--recognisable",
        "unlikely",
    )
    words += ("--supervision", supervision)
    words += ("--recommendation", recommendation, "--reasons", "lihat telaahan")
    words += ("--ground", "Permendagri 8/2023") if supervision == "yes" else ()
    return day if story.act(day, *words) else None


def _not_followed_up(story: Story, day: date) -> None:
    if story.move(day, "review") and (seen := _sheet(story, working(day, 2), "yes", "no-action")):
        agreed = working(seen, 1)
        if story.move_with_two(seen, agreed, "no-action", "--reason", "tidak ditemukan penyimpangan"):
            story.close(working(agreed, 1), "no-action")
