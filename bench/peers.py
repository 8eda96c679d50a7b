"""What other drop boxes cost on such a machine; docs/measurements.md says how that was measured."""

from collections.abc import Iterator, Mapping

from bench.line import Line, plain

FIRST_REPORT_CPU = {"securedrop": 7.0, "globaleaks": 0.21, "hush_line": 0.07}
VISITS_8 = {"securedrop": 0.19, "globaleaks": 2.6, "hush_line": 11.0}
UPLOAD_CPU = {"securedrop": 8.2, "globaleaks": 5.0}
IDLE_MEMORY = {"securedrop": 365.0, "globaleaks": 122.0, "hush_line": 214.0}


def costs(name: str, ours: float, theirs: Mapping[str, float]) -> Iterator[Line]:
    """How many times more each peer needs."""
    for peer, value in theirs.items():
        yield plain(f"{name}_of_{peer}", value / ours, "times ours (peer's figure: docs/measurements.md)")


def rates(name: str, ours: float, theirs: Mapping[str, float]) -> Iterator[Line]:
    """How many times more we do than each peer."""
    for peer, value in theirs.items():
        yield plain(f"{name}_over_{peer}", ours / value, "times peer's (docs/measurements.md)")
