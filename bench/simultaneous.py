"""Many reporters at once: durable, without a failure, and the landing page stays quick meanwhile."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench import peers
from bench.figures import median, percentile
from bench.line import Line, at_least, at_most, plain, tell
from bench.load import Outcome, Visit, crowd, make, probing
from bench.server import Server, started
from bench.visits import first_reports, landing, posts

_RUNS = 3
_REPORTS = {8: 1_200, 64: 1_920}
_VISITS = 240
_PROBE_SECONDS = 0.025


@dataclass(frozen=True)
class Run:
    """`rate` a second; `probes` are the seconds that the landing page took."""

    rate: float
    failures: int
    probes: Sequence[float]


def measure() -> Iterator[Line]:
    """Reports a second of 8 and of 64 reporters (each report over a new connection), and of whole visits."""
    with started() as server:
        for visit in first_reports(server, 8):
            make(server.port, visit)
        for reporters, reports in _REPORTS.items():
            runs = [
                _run(server, [((post,),) for post in posts(server, reports)], reporters) for _ in range(_RUNS)
            ]
            yield from _lines(f"reports_{reporters}", runs)
        runs = [_run(server, first_reports(server, _VISITS), 8) for _ in range(_RUNS)]
    rate = median([run.rate for run in runs])
    yield plain("visits_8_per_second", rate, "whole first reports/s")
    yield at_most("visits_8_failures", sum(run.failures for run in runs), "reports", 0)
    yield from peers.rates("visits_8_per_second", rate, peers.VISITS_8)


def _lines(name: str, runs: Sequence[Run]) -> Iterator[Line]:
    probes = [seconds for run in runs for seconds in run.probes]
    rates = ", ".join(f"{run.rate:.0f}" for run in runs)
    slow = percentile(probes, 95)
    tell(f"  {name}: {rates} reports/s; landing page {len(probes)} times, slowest {max(probes):.3f} s")
    yield at_most(f"{name}_failures", sum(run.failures for run in runs), "reports", 0)
    yield at_least(f"{name}_per_second", median([run.rate for run in runs]), "reports/s", 100)
    yield at_most(f"{name}_landing_p95", slow, "s", 0.1)


def _run(server: Server, visits: Sequence[Visit], reporters: int) -> Run:
    """A report that was answered with 204 and is not in the database afterwards is a failure too."""
    before = server.stored()
    end_probing = probing(server.port, landing(), _PROBE_SECONDS)
    outcomes = crowd(server.port, visits, reporters)
    probes = end_probing()
    lost = len(visits) - (server.stored() - before)
    failures = max(lost, _failed(outcomes)) + _failed(probes)
    seconds = max(o.end for o in outcomes) - min(o.begin for o in outcomes)
    done = len(outcomes) - _failed(outcomes)
    return Run(done / seconds, failures, [probe.end - probe.begin for probe in probes])


def _failed(outcomes: Sequence[Outcome]) -> int:
    return sum(not outcome.done for outcome in outcomes)
