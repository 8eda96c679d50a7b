"""What `make run` prints once the demo office is open."""

import sys
from collections.abc import Mapping
from pathlib import Path
from shlex import quote

from peluit.demo_folder import DEFAULT
from peluit.demo_office import DemoOffice


def welcome(office: DemoOffice, urls: Mapping[str, str]) -> str:
    """Addresses (by app), sign-in, and the story to try, fit for 80 columns and for copying."""
    program = quote(str(_short(Path(sys.executable).with_name("peluit"))))
    who = office.account
    return f"""
Peluit demo office: Inspektorat Kota Contoh.
For trying out on this machine only: without Tor nothing is hidden.

  Reporters    {urls["source"]}{_noscript(urls)}
  Reviewers    {urls["journalist"]}
               name         {who}
               passphrase   {office.web_passphrase}
               six digits   {office.code()}   (they change every 30 seconds)
               new digits   {program} demo-code{_named(office.folder)}
  Root key     {" ".join(office.root_digits)}

Next steps
  1. At the reporters' address, write a report, send it, keep the eight words.
  2. At the reviewers' address, sign in and download everything new: one bundle.
  3. Be the air-gapped station, in a second terminal in this same folder:

station() {{ {program} station --folder {quote(str(office.station))} "$@" \\
  --as {who} --passphrase-file {quote(str(office.passphrase_file(who)))}; }}
station import BUNDLE
station cases
station show CASE
station evidence export CASE 1 --to FOLDER
station reply CASE --text "Terima kasih. Kami telaah."
station bundle --to {quote(str(office.stick))}

  4. At the reviewers' address, import the bundle that the last command wrote.
  5. At the reporters' address, give the eight words and read the reply. It
     appears within a minute: this demo publishes the board every minute, a real
     server once a day, so that nobody can see from it when the office works.

A second `make run` goes on with the same data, which is in {quote(str(office.folder))}.
To remove it: {_removal(office.folder)}
Ctrl-C stops everything.
"""


def _noscript(urls: Mapping[str, str]) -> str:
    if "noscript" not in urls:
        return ""
    return f"""
               {urls["noscript"]} works without scripts;
               there the server sees a report while it locks it"""


def _named(folder: Path) -> str:
    return "" if folder == DEFAULT else f" --folder {quote(str(folder))}"


def _removal(folder: Path) -> str:
    return "make clean" if folder == DEFAULT else f"rm -r {quote(str(folder))}"


def _short(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
