"""What can be wrong with what a reporter sends here. A message never contains data."""


class BadFormError(Exception):
    """The request's body is not one that a browser makes from these forms."""


class TooLongError(Exception):
    """The text does not fit into one item; `over` says by about how many letters."""

    def __init__(self, over: int) -> None:
        super().__init__(type(self).__doc__)
        self.over = over
