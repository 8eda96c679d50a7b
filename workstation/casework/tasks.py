"""What the rules want of a case by a day (deadlines.py says from when and until when). Pure names.

The office's: `register`: taken up, so that the reporter is told; `verify`; `review`: the review's result;
`answer`: the reporter is told what is done; `office`: another office answers; `completion`; `follow-up`: of
a result, until closing. The reporter's, for whom the office waits: `reporter`: completes the report; `close`:
is silent after an answer. `notice`: of a breach of data, in no case.
"""

from typing import Final, Literal, get_args

Limit = Literal[
    "register",
    "verify",
    "review",
    "answer",
    "office",
    "completion",
    "follow-up",
    "reporter",
    "close",
    "notice",
]

LIMITS: Final[tuple[Limit, ...]] = get_args(Limit)
WAITS: Final[tuple[Limit, ...]] = ("reporter", "close")
"""When this time is over, the case may be closed."""
HOLD: Final = "hold"
TASKS: Final = (*LIMITS, HOLD)
"""What a case may be due for: `hold`: somebody looks at a pause again."""
