"""Visits look alike: requests and lengths here, times in `make privacy`; a leak would be found."""

import random
from collections.abc import Iterator

import pytest

from tests.privacy.proofs import same_visit
from tests.privacy.proofs.same_visit import KINDS, Visitors, judge, same_distribution


@pytest.fixture(scope="module")
def visitors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitors]:
    with same_visit.visitors(tmp_path_factory.mktemp("visits")) as found:
        yield found


@pytest.mark.parametrize("way", ["scripts", "noscript"])
def test_visits_ask_the_same_and_get_as_much(visitors: Visitors, way: str) -> None:
    found = same_visit.sample(visitors, way, 5)
    assert len({(visit.requests, visit.lengths) for kind in KINDS for visit in found[kind]}) == 1


def test_a_slower_answer_would_be_found(visitors: Visitors, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes 50 ms longer where there are replies."""
    monkeypatch.setattr(visitors, "delay", 0.05)
    shapes, times = judge(visitors, "scripts", 40)
    assert shapes.met
    assert times.met is False


def test_another_page_would_be_found(visitors: Visitors, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that asks once more when there is something to read."""
    ask, kind = visitors.source, "replies"
    through = Visitors.through
    monkeypatch.setattr(
        Visitors,
        "through",
        lambda self, way, who: (
            through(self, way, who)
            if who != kind
            else same_visit.Visit(
                (*through(self, way, who).requests, "more"), (len(ask("GET", "/site.json", b"")),), 0
            )
        ),
    )
    shapes, _times = judge(visitors, "scripts", 5)
    assert shapes.met is False


@pytest.mark.parametrize(("shift", "p"), [(60.4, 0.05), (72.4, 0.01), (20, 0.98), (0, 1)])
def test_the_limit_of_the_two_sample_test(shift: float, p: float) -> None:
    """Two thousand values whose distributions are apart by shift / 1000; tables of the limit give p."""
    values = [float(n) for n in range(1000)]
    assert same_distribution(values, [value + shift for value in values]) == pytest.approx(p, rel=0.1)


def test_it_is_wrong_as_often_as_it_says() -> None:
    draw = random.Random(7)
    p = [same_distribution(*([draw.random() for _ in range(50)] for _ in range(2))) for _ in range(400)]
    assert 0.02 < sum(value <= 0.05 for value in p) / len(p) < 0.08
