"""What can go wrong with recaps and statistics. An error's docstring is the sentence that the user reads."""

from workstation.errors import StationError


class PeriodError(StationError):
    """Name a year, such as 2026, or a quarter, such as 2026-Q3."""

    exit_code = 2


class NotOverError(StationError):
    """{period} is not over yet. Statistics are published when it is."""


class PublishedError(StationError):
    """{period} is published already, or is counted in what is published. Published figures never change."""


class NothingToPublishError(StationError):
    """Every quarter of {period} is published already with its own figures."""


class ColleagueError(StationError):
    """Name a colleague, not yourself: {reviewer}"""

    exit_code = 2


class NotAStatementError(StationError):
    """This is not a statement on the performance of offices, or not all of it. A line of it begins with \
peluit-performance-1:"""


class UnprovenStatementError(StationError):
    """The statement proves nothing: no reviewer of this office signed it as it stands."""


class NoSuchLessonError(StationError):
    """There is no lesson with this number in the period: {number}"""

    exit_code = 2
