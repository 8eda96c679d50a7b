"""What is wrong with a blob, in chunks and bytes: for a decision, for a person, for a script."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from crypto.constants import CHUNK_SIZE
from workstation import terminal
from workstation.texts import _, n_

_FEW = 3


@dataclass
class Damage:
    """The faults of a blob of `count` chunks whose file has `size` bytes; chunks are numbered from 0.

    `damaged`: runs of chunks that are there and do not open; `present`: how many are there in full length;
    `surplus`: bytes after the last chunk; `padding`: something else than zeros follows the file;
    `other`: every chunk opens, but they are not those that the message names.
    """

    size: int
    count: int
    present: int
    surplus: int = 0
    damaged: list[range] = field(default_factory=list)
    padding: bool = False
    other: bool = False

    def add(self, number: int) -> None:
        """One more chunk that does not open; numbers come in rising order."""
        if self.damaged and self.damaged[-1].stop == number:
            self.damaged[-1] = range(self.damaged[-1].start, number + 1)
        else:
            self.damaged.append(range(number, number + 1))

    @property
    def missing(self) -> range:
        """The chunks at the end that are not there, or not in full length."""
        return range(self.present, self.count)

    @property
    def intact(self) -> int:
        """How many chunks open."""
        return self.present - sum(map(len, self.damaged))

    @property
    def found(self) -> bool:
        """Whether anything is wrong."""
        return self.intact < self.count or self.surplus > 0 or self.padding or self.other

    def sentences(self) -> Iterator[str]:
        """Each fault in words, one line each; what is most in number comes last."""
        if self.missing:
            yield _("missing at the end: {chunks}").format(chunks=self._chunks(self.missing))
        if self.surplus:
            yield n_("{count} byte too many at the end", "{count} bytes too many at the end", self.surplus)
        if self.padding:
            yield _("the padding behind the file is not empty")
        if self.other:
            yield _("every chunk opens, but this is not the file that the message names")
        for run in self.damaged:
            yield self._chunks(run)

    def few(self) -> list[str]:
        """The first few faults in words, and how many there are besides."""
        every = list(self.sentences())
        more = len(every) - _FEW
        return (
            every
            if more <= 0
            else [*every[:_FEW], n_("and {count} more place", "and {count} more places", more)]
        )

    def json(self) -> dict[str, object]:
        """The same for a script; chunks are numbered from 1 as for people, `bytes` are the file's, from 0."""
        return {
            "chunks": self.count,
            "damaged": [self._run_json(run) for run in self.damaged],
            "intact_chunks": self.intact,
            "missing": self._run_json(self.missing) if self.missing else None,
            "not_the_named_file": self.other,
            "padding": self.padding,
            "surplus_bytes": self.surplus,
        }

    def _chunks(self, run: range) -> str:
        first, last = terminal.grouped(run.start + 1), terminal.grouped(run.stop)
        details = {"all": terminal.grouped(self.count), "bytes": self._bytes(run)}
        if len(run) == 1:
            return _("chunk {first} of {all} ({bytes})").format(first=first, **details)
        return _("chunks {first} to {last} of {all} ({bytes})").format(first=first, last=last, **details)

    def _bytes(self, run: range) -> str:
        first, last = self._bounds(run)
        if first > last:
            return _("only padding")
        return _("bytes {first} to {last}").format(first=terminal.grouped(first), last=terminal.grouped(last))

    def _bounds(self, run: range) -> tuple[int, int]:
        """The first and the last byte of the file in these chunks; the last before the first if none."""
        return run.start * CHUNK_SIZE, min(run.stop * CHUNK_SIZE, self.size) - 1

    def _run_json(self, run: range) -> dict[str, object]:
        first, last = self._bounds(run)
        return {"chunks": [run.start + 1, run.stop], "bytes": [first, last] if first <= last else []}
