"""Reads a torrc back: whether it still is what Peluit writes, and where its onion services lead."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hardening.deploy.tor.torrc import WHOLE_TOR

_FORBIDDEN: Final = {
    "%include": "it takes in lines from elsewhere",
    "sandbox": "tor would die at the next SIGHUP, which Debian's logrotate sends daily",
    "disableallswap": "tor would not start without the right to lock memory",
    "hiddenservicesinglehopmode": "the server's address would be known",
    "hiddenservicenonanonymousmode": "the server's address would be known",
    "clienttransportplugin": "tor could start other programs",
    "hiddenserviceexportcircuitid": "the apps would be told which requests came on one circuit",
}


def options(text: str) -> Iterator[tuple[str, str]]:
    """Every option with its value, without comments; `+Option` and `/Option` keep their first letter."""
    for line in text.splitlines():
        name, _, value = line.partition("#")[0].strip().partition(" ")
        if name:
            yield name, value.strip()


def problems(text: str) -> list[str]:
    """What a torrc has that it must not have, or lacks, one sentence each."""
    found = list(options(text))
    wanted = [next(options(option.line)) for option in WHOLE_TOR]
    names = {name.lower() for name, _ in wanted}
    return [
        *(f"{name} {value} is missing." for name, value in wanted if (name, value) not in found),
        *(
            f"{name} {value} contradicts what Peluit sets."
            for name, value in found
            if name.lower().lstrip("+/") in names and (name, value) not in wanted
        ),
        *(
            f"{name}: {_FORBIDDEN[name.lower()]}."
            for name, value in found
            if name.lower() in _FORBIDDEN and value != "0"
        ),
    ]


def targets(text: str) -> dict[Path, str]:
    """Each HiddenServiceDir, and what its port 80 leads to: `unix:/…` or `127.0.0.1:…`."""
    found: dict[Path, str] = {}
    folder = None
    for name, value in options(text):
        if name == "HiddenServiceDir":
            folder = Path(value)
        elif name == "HiddenServicePort" and folder is not None:
            found[folder] = value.partition(" ")[2]
    return found
