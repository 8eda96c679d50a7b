"""What can be wrong with what a reporter sends here. A message never contains data."""

from http import HTTPStatus

from store.errors import BusyError


class BadFormError(Exception):
    """The request's body is not one that a browser makes from these forms."""


class StaleDirectoryError(BusyError):
    """The office's readers became more or fewer after the item was sealed."""


class NotSentError(Exception):
    """What was typed could not be sealed or stored; `sentence` says why and what to do, to the reporter."""

    def __init__(self, sentence: str, status: HTTPStatus) -> None:
        super().__init__(type(self).__doc__)
        self.sentence, self.status = sentence, status


class TooLongError(Exception):
    """The text does not fit into one item; `over` says by about how many letters."""

    def __init__(self, over: int) -> None:
        super().__init__(type(self).__doc__)
        self.over = over
