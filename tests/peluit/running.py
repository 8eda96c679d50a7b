"""Starts the commands as a person does: real processes, and everything they say."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

PELUIT = str(Path(sys.executable).with_name("peluit"))
APPS = ("source", "journalist", "noscript")
REPOSITORY = Path(__file__).parents[2]


def as_a_person() -> None:
    """For a child: Ctrl-C counts, whoever started the tests, and root may not pass over permissions."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    prctl = ctypes.CDLL(None).prctl
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH; 24 is PR_CAPBSET_DROP
        prctl(24, capability, 0, 0, 0)


def run(
    *line: object, env: Mapping[str, str] | None = None, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself; never a traceback."""
    done = subprocess.run(
        [str(word) for word in line],
        capture_output=True,
        text=True,
        check=False,
        input=typed,
        env=dict(os.environ) | dict(env or {}),
        start_new_session=True,
        preexec_fn=as_a_person,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def refusal(*line: object, code: int = 1, env: Mapping[str, str] | None = None, typed: str = "") -> str:
    """What `peluit` says when it refuses: one sentence."""
    done = run(PELUIT, *line, env=env, typed=typed)
    assert done.returncode == code, done
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith("peluit: ")
    return sentence


def make(*words: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """`make` in this checkout."""
    return run("make", "-C", REPOSITORY, *words, env=env)


@contextlib.contextmanager
def taken_port() -> Iterator[int]:
    """A port on loopback on which somebody listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def ports() -> tuple[str, str, str]:
    """Three free ones."""
    with socket.socket() as one, socket.socket() as two, socket.socket() as three:
        for probe in (one, two, three):
            probe.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1]), str(two.getsockname()[1]), str(three.getsockname()[1])


class Demo:
    """`peluit demo` while it runs; `said` is its standard output so far, `ports` are those of APPS."""

    def __init__(self, folder: Path, until: str, *without: str) -> None:
        self.ports = dict(zip(APPS, ports(), strict=True))
        line = [PELUIT, "demo", "--folder", str(folder)]
        for app, port in self.ports.items():
            line += [f"--{app}-port", "0" if app in without else port]
        self.process = subprocess.Popen(
            line,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=as_a_person,
        )
        self.said = ""
        assert self.process.stdout
        while until not in self.said:
            heard = self.process.stdout.readline()
            assert heard, self.said
            self.said += heard

    def end(self, number: int = signal.SIGINT) -> tuple[int, str, str]:
        """Sends a signal; exit code, the rest of standard output, standard error."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> tuple[int, str, str]:
        rest, errors = self.process.communicate()
        assert "Traceback" not in errors, errors
        return self.process.returncode, rest, errors

    def listens(self) -> list[bool]:
        """Whether anybody answers on the three ports."""
        answers = []
        for port in self.ports.values():
            with socket.socket() as probe:
                answers.append(probe.connect_ex(("127.0.0.1", int(port))) == 0)
        return answers
