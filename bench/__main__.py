"""`python -m bench [NAME…]`: all measurements, or some. Exit code 1 if a goal is not met.

A run of all of them is kept in bench/results.
"""

import sys
from collections.abc import Callable, Iterator, Sequence

from bench import (
    broker,
    browser_memory,
    browser_upload,
    bundle,
    first_report,
    idle_memory,
    padding,
    pauses,
    queue,
    reply_check,
    results,
    server_upload,
    simultaneous,
    slow_clients,
    station_import,
    station_open,
    station_search,
    station_unlock,
    tor,
    upload,
    weight,
)
from bench.line import Line, emit, tell

_MEASURES: dict[str, Callable[[], Iterator[Line]]] = {
    "weight": weight.measure,
    "first_report": first_report.measure,
    "simultaneous": simultaneous.measure,
    "slow_clients": slow_clients.measure,
    "broker": broker.measure,
    "upload": upload.measure,
    "server_upload": server_upload.measure,
    "reply_check": reply_check.measure,
    "idle_memory": idle_memory.measure,
    "padding": padding.measure,
    "bundle": bundle.measure,
    "station_open": station_open.measure,
    "browser_upload": browser_upload.measure,
    "browser_memory": browser_memory.measure,
    "pauses": pauses.measure,
    "queue": queue.measure,
    "station_import": station_import.measure,
    "station_search": station_search.measure,
    "station_unlock": station_unlock.measure,
    "tor": tor.measure,
}


def main(names: Sequence[str]) -> int:
    unknown = set(names) - set(_MEASURES)
    if unknown:
        tell(f"bench: no such measurement: {', '.join(sorted(unknown))}. There are: {', '.join(_MEASURES)}.")
        return 2
    if names:
        return emit(_lines(names))
    with results.today() as record:
        return emit(_lines(list(_MEASURES)), lambda line: record.write(line + "\n"))


def _lines(names: Sequence[str]) -> Iterator[Line]:
    for name in names:
        tell(f"{name}: {(sys.modules[_MEASURES[name].__module__].__doc__ or '').splitlines()[0]}")
        yield from _MEASURES[name]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
