"""Answers come in as few lengths as the docs say; one that tells more would be found."""

from pathlib import Path

import pytest

from store.layout import Layout
from tests.privacy.proofs import answers, wire_sizes
from tests.privacy.proofs.answers import Calling


def test_answers_come_in_the_lengths_that_the_docs_say(tmp_path: Path) -> None:
    assert wire_sizes.beyond(answers.collect(Layout(tmp_path / "data"))) == []


class Telling(Calling):
    """A server that says when it has seen something before."""

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> bytes:
        answer = super().ask(method, path, headers, body)
        seen = vars(self).setdefault("seen", set())
        if body in seen and b" 204 " in answer[:20]:
            answer = answer.replace(b"\r\n\r\n", b"\r\nX-Again: 1\r\n\r\n", 1)
        seen.add(body)
        return answer


def test_an_answer_that_tells_a_repeat_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "Calling", Telling)
    monkeypatch.setattr(answers, "_door", lambda found, running: None)
    wrong = wire_sizes.beyond(answers.collect(Layout(tmp_path / "data")))
    assert [line for line in wrong if line.startswith("stored:")]


def test_a_kind_of_answer_that_the_docs_do_not_know_is_found() -> None:
    found = answers.Answers()
    found.note("new kind", b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")
    assert [line for line in wire_sizes.beyond(found) if line.startswith("new kind:")]
