"""The office's own list of days: read from a file, kept in the vault's settings.

A file is either one JSON object `{"country": "ID", "checked": [2026], "free": {day: name}, "work": {day:
name}}`, of which all may be left out, or plain lines:

```
# what stands behind a number sign is a remark
country ID
checked 2026
+2026-03-20 Cuti bersama Idul Fitri
-2026-05-15 working day here
```

A line with only a day adds it. The list replaces the one before.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Final

from crypto.errors import MalformedError, ProtocolError
from crypto.fields import Day, Fields, distinct
from crypto.fields import day as read_day
from workstation import settings
from workstation.errors import VaultDamagedError
from workstation.station import Station
from workstation.texts import N_, _
from workstation.timing import workdays
from workstation.timing.deadline_errors import BadWorkdaysError
from workstation.timing.workdays import FIRST_YEAR, LAST_YEAR, OwnDays

MOST_DAYS: Final = 2_000
LONGEST_NAME: Final = 120
LARGEST_FILE: Final = 1_000_000
_SETTING: Final = "workdays"
_LINE: Final = re.compile(r"(?P<sign>[+-]?)\s*(?P<day>\d{4}-\d{2}-\d{2})(?:\s+(?P<name>.*))?\Z")
_SATURDAY: Final = 5
_RULES: Final = {
    "file": N_("the file is UTF-8 text: one day in each line, or one JSON object with country, checked, free "
               "and work"),
    "line": N_("a line is a day such as +2026-03-20 or -2026-05-15 with a name behind it, “checked” and a "
               "year, or “country” and two letters"),
    "country": N_("the library of public holidays has no such country"),
    "checked": N_("years are numbers from 2000 to 2100, none twice"),
    "day": N_("a day is written 2026-03-20 and lies between 2000 and 2100; a name has up to 120 characters"),
    "twice": N_("this day stands there twice"),
    "weekend": N_("this day is a Saturday or Sunday: only a public holiday can be made a working day"),
    "many": N_("a list has at most 2,000 days"),
}  # fmt: skip


def parse(untrusted_data: bytes) -> OwnDays:
    """The list in a file; BadWorkdaysError."""
    with _rule("file", "1"):
        if len(untrusted_data) > LARGEST_FILE:
            raise MalformedError
        try:
            untrusted_text = untrusted_data.decode("utf-8-sig")
            is_json = untrusted_text.lstrip().startswith("{")
            untrusted_value = json.loads(untrusted_text) if is_json else None
        except (ValueError, RecursionError):
            raise MalformedError from None
    return _of_json(untrusted_value) if is_json else _of_lines(untrusted_text)


def lines(own: OwnDays) -> list[str]:
    """A list as the lines of a file."""
    days = sorted(
        [(day, "+", name) for day, name in own.free.items()] + [(d, "-", n) for d, n in own.work.items()]
    )
    return [
        f"country {own.country}",
        *(f"checked {year}" for year in own.checked),
        *(f"{sign}{day} {name}".rstrip() for day, sign, name in days),
    ]


def read(station: Station) -> OwnDays:
    """The office's list; VaultDamagedError."""
    found = settings.read(station.vault, _SETTING)
    if found is None:
        return OwnDays()
    try:
        return _of_json(found)
    except BadWorkdaysError:
        raise VaultDamagedError from None


def write(station: Station, own: OwnDays) -> None:
    """Puts a list in the place of the one before."""
    with station.vault.transaction():
        settings.write(
            station.vault,
            _SETTING,
            {
                "checked": list(own.checked),
                "country": own.country,
                "free": {str(day): name for day, name in own.free.items()},
                "work": {str(day): name for day, name in own.work.items()},
            },
        )
        station.log("settings-changed", _SETTING)


def _of_json(untrusted_value: object) -> OwnDays:
    with _rule("file", "JSON"):
        if not isinstance(untrusted_value, dict):
            raise MalformedError
        fields = Fields(
            {"checked": [], "country": workdays.INDONESIA, "free": {}, "work": {}} | untrusted_value
        )
        untrusted_checked, untrusted_country = fields.take("checked"), fields.take("country")
        untrusted_free, untrusted_work = fields.take("free"), fields.take("work")
        fields.end()
        if not isinstance(untrusted_checked, list):
            raise MalformedError
        free, work = _days(untrusted_free), _days(untrusted_work)
    return _checked(
        untrusted_country,
        untrusted_checked,
        [(f"{day}", day, "+", name) for day, name in free]
        + [(f"{day}", day, "-", name) for day, name in work],
    )


def _days(untrusted_value: object) -> list[tuple[str, object]]:
    if isinstance(untrusted_value, dict):
        return list(untrusted_value.items())
    if isinstance(untrusted_value, list) and all(isinstance(day, str) for day in untrusted_value):
        return [(day, "") for day in untrusted_value]
    raise MalformedError


def _of_lines(untrusted_text: str) -> OwnDays:
    country: object = workdays.INDONESIA
    years: list[object] = []
    days: list[tuple[str, str, str, object]] = []
    for number, untrusted_line in enumerate(untrusted_text.splitlines(), 1):
        line = untrusted_line.partition("#")[0].strip()
        word, _space, rest = line.partition(" ")
        if not line:
            continue
        if word == "country":
            country = rest.strip()
        elif word == "checked":
            years.append(int(rest) if re.fullmatch(r"\s*\d{4}", rest) else rest)
        else:
            found = _LINE.match(line)
            if found is None:
                raise _broken("line", _("line {number}").format(number=number))
            where = _("line {number}").format(number=number)
            days.append((where, found["day"], found["sign"] or "+", found["name"] or ""))
    return _checked(country, years, days)


def _checked(country: object, years: list[object], days: list[tuple[str, str, str, object]]) -> OwnDays:
    """`days`: (where it stands, day, + or -, name), all untrusted."""
    with _rule("country", str(country)[:LONGEST_NAME]):
        if not isinstance(country, str) or country not in workdays.countries():
            raise MalformedError
    with _rule("checked", "checked"):
        checked = [Fields({"year": year}).integer("year", FIRST_YEAR, LAST_YEAR) for year in years]
        distinct([str(year) for year in checked])
    if len(days) > MOST_DAYS:
        raise _broken("many", str(len(days)))
    own: dict[str, dict[Day, str]] = {"+": {}, "-": {}}
    for where, untrusted_day, sign, untrusted_name in days:
        with _rule("day", where):
            day = read_day(untrusted_day)
            name = Fields({"name": untrusted_name}).text("name", LONGEST_NAME)
            if not FIRST_YEAR <= int(day[:4]) <= LAST_YEAR or not name.isprintable():
                raise MalformedError
        if any(day in listed for listed in own.values()):
            raise _broken("twice", where)
        if sign == "-" and date.fromisoformat(day).weekday() >= _SATURDAY:
            raise _broken("weekend", where)
        own[sign][day] = name
    return OwnDays(str(country), _sorted(own["+"]), _sorted(own["-"]), tuple(sorted(checked)))


def _sorted(days: Mapping[Day, str]) -> dict[Day, str]:
    return {day: days[day] for day in sorted(days)}


@contextmanager
def _rule(rule: str, where: str) -> Iterator[None]:
    """Says in words which rule is broken where."""
    try:
        yield
    except ProtocolError:
        raise _broken(rule, where) from None


def _broken(rule: str, where: str) -> BadWorkdaysError:
    return BadWorkdaysError(where=where, rule=_(_RULES[rule]))
