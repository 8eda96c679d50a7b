"""Drives libFuzzer: one process imports the instrumented code, and each target runs in a child of its own.

libFuzzer never gives control back, so that every target needs a process; importing takes seconds.
"""

import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import atheris

from tests.fuzz.mutation import mutate
from tests.fuzz.target import Target

INSTRUMENTED: Final = (
    "crypto",
    "hardening",
    "store",
    "source_app",
    "journalist_app",
    "workstation",
    "peluit",
)
_SECONDS_FOR_ONE: Final = 20
_MEBIBYTES: Final = 2_048


@dataclass(frozen=True)
class Bounds:
    """So many inputs of a target, or inputs for so many seconds; `runs` 0 takes the target's own number."""

    runs: int = 0
    seconds: int = 0


def load(names: Sequence[str]) -> list[Target]:
    """The targets of these names, all if there are none, with the code below them instrumented."""
    with atheris.instrument_imports(include=list(INSTRUMENTED), enable_loader_override=False):
        from tests.fuzz.targets import TARGETS
    return [TARGETS[name] for name in names or TARGETS]


def run(target: Target, folder: Path, bounds: Bounds) -> int:
    """Fuzzes one target in a child; its exit code, 0 if nothing was found.

    In `folder`: `corpus` grows, `log` is what libFuzzer said, `crash-…` is an input that broke something.
    """
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    with tempfile.TemporaryDirectory() as scratch:  # the child ends without tidying up
        child = os.fork()
        if child == 0:
            tempfile.tempdir = scratch
            _fuzz(target, folder, corpus, bounds)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _fuzz(target: Target, folder: Path, corpus: Path, bounds: Bounds) -> None:
    """In the child; never comes back."""
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    try:
        seeds = list(target.seeds())
        for number, seed in enumerate(seeds):
            assert target.accepts(seed), f"seed {number} is refused"
            (corpus / f"seed-{number:02}").write_bytes(seed)
        atheris.Setup(_options(target, folder, corpus, bounds), target.accepts, **_mutator(target))
        atheris.Fuzz()
    except Exception:  # not SystemExit: when it ends the process, libFuzzer keeps the input
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


def _mutator(target: Target) -> dict[str, object]:
    if not target.json:
        return {}
    return {"custom_mutator": lambda data, largest, seed: mutate(data, largest, seed, atheris.Mutate)}


def _options(target: Target, folder: Path, corpus: Path, bounds: Bounds) -> list[str]:
    limit = f"-max_total_time={bounds.seconds}" if bounds.seconds else f"-runs={bounds.runs or target.runs}"
    return [
        "fuzz",
        limit,
        "-seed=1",
        f"-timeout={_SECONDS_FOR_ONE}",
        f"-rss_limit_mb={_MEBIBYTES}",
        f"-artifact_prefix={folder}/",
        f"-max_len={target.longest}",
        # Else a whole document soon gives way to the shortest input that runs the same lines.
        "-keep_seed=1",
        "-reduce_inputs=0",
        str(corpus),
    ]


def found(folder: Path) -> str:
    """What libFuzzer said of a target, without its progress."""
    lines = (folder / "log").read_text("utf-8", "replace").splitlines()
    return "\n".join(line for line in lines if not line.startswith(("#", "INFO:", "WARNING:")))
