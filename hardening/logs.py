"""Log discipline: a line says what kind of error it was and which of our functions met it. Nothing else.

No message (it may hold a path or an id), no address, no time, no request. Logging libraries are given a
handler that obeys at every level, so that nobody can turn on more by mistake.
"""

import logging
import sys
import threading
import warnings
from types import FrameType, TracebackType
from typing import Final

OURS: Final = ("crypto", "store", "hardening", "source_app", "journalist_app", "peluit")


def describe(error: BaseException) -> str:
    """`StorageFullError store.chunks:put`: the error's type, and the innermost of our functions."""
    place = "elsewhere"
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        if _is_ours(trace.tb_frame):
            place = _place(trace.tb_frame)
        trace = trace.tb_next
    return f"{type(error).__name__} {place}"


def report(error: BaseException) -> None:
    """Writes one line about an error to standard error."""
    _write(f"error {describe(error)}")


class QuietHandler(logging.Handler):
    """Stands in for every handler. Records below ERROR are dropped, of others only their kind remains.

    It takes records of every level: where Flask finds no handler that would take a warning, it gives itself
    one that writes time, path and traceback.
    """

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno < logging.ERROR:
            return
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            report(error)
        else:
            _write("error logged elsewhere")


def be_quiet() -> None:
    """Bends every way in which this process could write about itself to the discipline."""
    logging.raiseExceptions = False
    logging.captureWarnings(False)
    warnings.simplefilter("ignore")
    _silence(logging.getLogger())
    for name in logging.Logger.manager.loggerDict:
        logger = logging.getLogger(name)
        if logger.handlers:
            _silence(logger)
            logger.propagate = False
    sys.excepthook = lambda _kind, error, _trace: report(error)
    sys.unraisablehook = lambda unraisable: _write(f"error {unraisable.exc_type.__name__} elsewhere")
    threading.excepthook = lambda args: _write(f"error {args.exc_type.__name__} elsewhere")


def _silence(logger: logging.Logger) -> None:
    logger.handlers[:] = [QuietHandler()]


def _is_ours(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0] in OURS


def _place(frame: FrameType) -> str:
    return f"{frame.f_globals['__name__']}:{frame.f_code.co_name}"


def _write(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
