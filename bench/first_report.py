"""A new reporter's first report: what all its requests cost the server."""

from collections.abc import Iterator

from bench import peers
from bench.figures import median
from bench.line import Line, at_most, plain, tell
from bench.load import make
from bench.processes import cpu_seconds
from bench.server import Server, started
from bench.visits import first_reports

_REPORTS, _RUNS, _WARM = 120, 3, 8


def measure() -> Iterator[Line]:
    """CPU seconds of gunicorn's master and workers over 120 visits, divided by 120; median of three runs."""
    with started() as server:
        requests = sum(map(len, first_reports(server, 1)[0]))
        _visit(server, _WARM)
        runs = [_visit(server, _REPORTS) for _ in range(_RUNS)]
    said = ", ".join(f"{run:.4f}" for run in runs)
    tell(f"  {_RUNS} runs of {_REPORTS} visits with {requests} requests: {said} s")
    cost = median(runs)
    yield at_most("first_report_cpu", cost, "CPU s per report", 0.02)
    yield plain("first_report_requests", requests, "requests per report")
    yield from peers.costs("first_report_cpu", cost, peers.FIRST_REPORT_CPU)


def _visit(server: Server, count: int) -> float:
    visits = first_reports(server, count)
    before = cpu_seconds(server.source)
    outcomes = [make(server.port, visit) for visit in visits]
    spent = cpu_seconds(server.source) - before
    assert all(outcome.done for outcome in outcomes), "a visit failed"
    return spent / count
