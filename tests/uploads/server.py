"""The real server, in this process, on a disk that can fill up and a machine that can lose its power."""

import errno
import io
import os
import shutil
import signal
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from flask import Flask

from crypto.fields import Day
from source_app import create_app
from store import keyfile
from store.inbox import InboxWriter
from store.layout import Layout
from store.space import DEFAULT_LIMITS
from store.uploads import Uploads
from tests.uploads.worker import Sent

Answer = tuple[int, bytes]

_WORKERS = 2
_WRITING = ("write", "pwrite", "writev", "copy_file_range", "posix_fallocate")
_CHANGING = (*_WRITING, "fsync", "fdatasync", "rename", "replace", "link", "unlink", "ftruncate")


class Server:
    """Two workers that take turns, both on one data folder; `full` is whether the disk has no room left."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._workers: deque[Flask] = deque()
        self.full = False

    def restart(self) -> None:
        """Ends the workers; those that come after them know nothing but what lies on the disk."""
        self._workers.clear()

    def answer(self, sent: Sent) -> Answer:
        """What one of the workers answers."""
        with self._disk():
            return _ask(self._next(), sent, sent.body)

    def answer_cut(self, sent: Sent, length: int) -> None:
        """The request breaks off after so many bytes of its body; nobody hears the answer."""
        with self._disk():
            _ask(self._next(), sent, sent.body[:length])

    def answer_until_full(self, sent: Sent, writes: int) -> Answer:
        """The disk is full after so many writes, and the last of them was cut in the middle."""
        with _filled_up_after(writes):
            return _ask(self._next(), sent, sent.body)

    def die_answering(self, sent: Sent, steps: int) -> None:
        """A worker is killed before the system call of this number, or right after its answer."""
        child = os.fork()
        if not child:
            # The parent's databases must not be used across a fork: a worker of its own.
            try:
                worker = create_app(self._layout)
                with _killed_before(steps):
                    _ask(worker, sent, sent.body)
            finally:
                os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(child, 0)

    def tidy(self, day: Day) -> None:
        """What a worker does every hour, and at midnight."""
        writer = InboxWriter(self._layout.inbox, keyfile.read(self._layout.inbox_key))
        try:
            with self._disk():
                Uploads(self._layout, writer, DEFAULT_LIMITS).tidy(day)
        finally:
            writer.close()

    def _next(self) -> Flask:
        if len(self._workers) < _WORKERS:
            self._workers.append(create_app(self._layout))
        else:
            self._workers.rotate()
        return self._workers[-1]

    @contextmanager
    def _disk(self) -> Iterator[None]:
        if not self.full:
            yield
            return
        room = os.statvfs(self._layout.root)
        none = os.statvfs_result((*room[:3], 0, 0, *room[5:]))
        with mock.patch("os.statvfs", return_value=none):
            yield


def _ask(app: Flask, sent: Sent, body: bytes) -> Answer:
    answer = app.test_client().open(
        sent.path,
        method=sent.method,
        headers=sent.headers,
        input_stream=io.BytesIO(body),
        content_length=len(sent.body) if sent.body else None,
        buffered=True,
    )
    return answer.status_code, answer.data


@contextmanager
def _filled_up_after(writes: int) -> Iterator[None]:
    left = [writes]

    def failing(name: str) -> Callable[..., Any]:
        real = getattr(os, name)

        def call(*args: Any, **more: Any) -> Any:
            if left[0] > 0:
                left[0] -= 1
                return real(*args, **more)
            if name == "write":
                real(args[0], bytes(memoryview(args[1])[: len(args[1]) // 2]))
            raise OSError(errno.ENOSPC, "No space left on device")

        return call

    with mock.patch.multiple(os, **{name: failing(name) for name in _WRITING}):
        yield


@contextmanager
def _killed_before(steps: int) -> Iterator[None]:
    left = [steps]

    def deadly(name: str) -> Callable[..., Any]:
        real = getattr(os, name)

        def call(*args: Any, **more: Any) -> Any:
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1
            return real(*args, **more)

        return call

    with mock.patch.multiple(os, **{name: deadly(name) for name in _CHANGING}):
        yield


def copy_of(template: Layout, folder: Path) -> Layout:
    """An installation like another, times and modes included."""
    shutil.copytree(template.root, folder)
    return Layout(folder)
