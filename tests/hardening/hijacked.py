"""The source app under the deployed settings, with code of a stranger's in its workers: `GET /try/<attempt>`.

The answer is `done`, or what the attempt raised. Each attempt does what it says when nothing stops it.
"""

import ctypes
import errno
import mmap
import os
import socket
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from source_app.wsgi import app

LIBC = ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: object) -> None:
    if getattr(LIBC, name)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), name)


def program() -> None:
    """Becomes another program in a child, if it may have one; a worker that went would answer nothing."""
    child = os.fork()
    if not child:
        os.execv("/bin/true", ["true"])
    os.waitpid(child, 0)


def execute() -> None:
    """Of a program that is not there: where programs may be started, that is what is wrong with it."""
    LIBC.execv(b"/nowhere", (ctypes.c_char_p * 2)(b"x"))
    if ctypes.get_errno() != errno.ENOENT:
        raise OSError(ctypes.get_errno(), "execv")


def listen() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))


def connect(port: str) -> None:
    socket.create_connection(("127.0.0.1", int(port)), 5).close()


def trace() -> None:
    call("ptrace", 16, os.getppid(), 0, 0)  # PTRACE_ATTACH
    os.waitpid(os.getppid(), 0x40000000)
    call("ptrace", 17, os.getppid(), 0, 0)  # PTRACE_DETACH


def write_and_execute() -> None:
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()


def in_a_thread(attempt: Callable[..., None], path: str) -> None:
    """Threads are bound as the one that began them."""
    raised: list[OSError] = []

    def work() -> None:
        try:
            attempt(path)
        except OSError as error:
            raised.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if raised:
        raise raised[0]


def read(path: str) -> None:
    Path(path).read_bytes()


ATTEMPTS: dict[str, Callable[..., None]] = {
    "fork": program,
    "execute": execute,
    "read": read,
    "read-in-a-thread": lambda path: in_a_thread(read, path),
    "write": lambda path: Path(path).write_bytes(b"x"),
    "list": lambda path: list(Path(path).iterdir()) and None,
    "unlink": lambda path: Path(path).unlink(),
    "socket": lambda: socket.socket(socket.AF_UNIX).close(),
    "listen": listen,
    "connect": connect,
    "trace": trace,
    "read-memory": lambda: call("process_vm_readv", os.getppid(), None, 0, None, 0, 0),
    "signal-master": lambda: os.kill(os.getppid(), 0),
    "keyctl": lambda: call("syscall", 250, 31, None, 0),  # KEYCTL_CAPABILITIES
    "new-namespace": lambda: call("unshare", 0x04000000),
    "memory-file": lambda: os.close(os.memfd_create("x")),
    "write-and-execute": write_and_execute,
    "dumpable": lambda: call("prctl", 4, 1, 0, 0, 0),
    "limits": lambda: call("setrlimit", 4, (ctypes.c_ulong * 2)(0, 0)),  # RLIMIT_CORE
    "lazy-module": lambda: __import__("xml.dom.minidom"),
}
_served = app.wsgi_app


def hijacked(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    if not path.startswith("/try/"):
        return _served(environ, start_response)
    given = [value for values in parse_qs(environ["QUERY_STRING"]).values() for value in values]
    try:
        ATTEMPTS[path.removeprefix("/try/")](*given)
        said = b"done"
    except OSError as error:
        said = errno.errorcode.get(error.errno or 0, "?").encode()
    start_response("200 OK", [("Content-Length", str(len(said)))])
    return [said]


app.wsgi_app = hijacked  # type: ignore[method-assign]
