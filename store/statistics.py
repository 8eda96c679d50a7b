"""The offices' published statistics as files: signed documents, each there for ever once it is there."""

from collections.abc import Sequence

from crypto import statistics
from crypto.fields import OfficeId
from crypto.statistics import Statistics
from store.errors import full_disk
from store.files import make_folder, names_in, read_quietly, write_whole
from store.layout import Layout


class PublishedStatistics:
    """Under `public/statistics/<office>/<period>`. Errors: StorageFullError."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def periods(self, office: OfficeId) -> Sequence[str]:
        """The periods of an office's publications, the newest first."""
        try:
            return sorted(names_in(self._layout.statistics / office), reverse=True)
        except FileNotFoundError:
            return ()

    def read(self, office: OfficeId, period: str) -> Statistics:
        """One of them; FileNotFoundError."""
        return statistics.read_statistics(read_quietly(self._layout.statistics / office / period))

    def publish(self, office: OfficeId, period: str, document: bytes) -> None:
        """Keeps a document that was checked; the first of a period stays, whatever comes later."""
        folder = self._layout.statistics / office
        with full_disk():
            make_folder(folder)
            if period not in self.periods(office):
                write_whole(folder / period, document)
