"""Bundles for the station: frozen once, and each part downloaded as often as it takes."""

import re
from collections.abc import Iterator
from contextlib import suppress

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from werkzeug import Response as BaseResponse
from werkzeug.routing import BaseConverter

from crypto import bundle as archive
from crypto import canonical
from crypto.constants import ID_SIZE
from crypto.errors import MalformedError
from crypto.fields import Day, day
from crypto.manifest import Inbound
from journalist_app import resuming
from journalist_app.filters import KINDS
from journalist_app.front import PREFIX
from journalist_app.parts import Parts, my_office, parts
from store.errors import NoSuchBundleError, StoreError
from store.reader import Name

# gunicorn gives each piece a minute to leave (hardening.deploy.worker): a link of 5 KB/s must do.
_PIECE = 2**18
_HEX_ID = re.compile(f"[0-9a-f]{{{2 * ID_SIZE}}}")

blueprint = Blueprint("bundles", __name__, url_prefix=PREFIX)


class BundleIdConverter(BaseConverter):
    """16 bytes in lower-case hex, as a part of a path."""

    regex = f"[0-9a-f]{{{2 * ID_SIZE}}}"

    def to_python(self, value: str) -> bytes:
        return bytes.fromhex(value)

    def to_url(self, value: bytes) -> str:
        return value.hex()


@blueprint.post("/bundles")
def freeze() -> BaseResponse:
    """Everything new, what came on the chosen days, or the chosen things: one bundle of one's own office."""
    what = request.form.get("what")
    days = _chosen_days() if what == "days" else None
    things = _chosen_things() if what == "things" else None
    if days == [] or things == []:
        return redirect(url_for("queue.waiting", chosen=f"no-{what}"), 303)
    parts().staff.log.note(g.account, "bundle-asked")
    frozen = parts().inbox.freeze(my_office().id, parts().today(), days, things=things)
    if frozen is None:
        return redirect(url_for("queue.waiting"), 303)
    return redirect(url_for("bundles.ready", bundle=frozen.id), 303)


@blueprint.get("/bundles/<bundle_id:bundle>")
def ready(bundle: bytes) -> str:
    found = _parts(bundle)
    return render_template(
        "bundle.html",
        office=my_office().names[g.language],
        bundle=found[0],
        things=len({entry.path for part in found for entry in part.entries}),
        parts=[(part, _name(part), archive.size_of(part, signed=False)) for part in found],
    )


@blueprint.get("/bundles/<bundle_id:bundle>/<name>")
def download(bundle: bytes, name: str) -> Response:
    """A part, or its bytes from where an earlier download broke off.

    A worker never holds more of it than one item or a few MiB.
    """
    part = next((part for part in _parts(bundle) if _name(part) == name), None)
    if part is None:
        abort(404)
    parts().staff.log.note_once_a_day(g.account, "bundle-downloaded", str(part.number))
    size = archive.size_of(part, signed=False)
    here = parts()
    here.retention.begin(part, here.today())
    tag = resuming.tag(part)
    span = resuming.wanted(request.headers, tag, size)
    pieces = archive.write(
        part,
        lambda entry, skip: here.inbox.read_entry(part.office, entry, skip),
        canonical.dump,
        span.begin,
        span.end,
    )
    body = _smaller(pieces)
    if span.end == size:
        body = _noted(body, here, part)
    response = Response(body, mimetype="application/x-tar")
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    resuming.describe(response, span, tag, size)
    return response


def _chosen_days() -> list[Day]:
    try:
        return [day(untrusted_day) for untrusted_day in request.form.getlist("day")]
    except MalformedError:
        abort(400)


def _chosen_things() -> list[Name]:
    """The ticked things of a page of the queue."""
    untrusted_pairs = [text.partition(".") for text in request.form.getlist("thing")]
    if not all(kind in KINDS and _HEX_ID.fullmatch(name) for kind, _, name in untrusted_pairs):
        abort(400)
    return [(kind, bytes.fromhex(name)) for kind, _, name in untrusted_pairs]


def _parts(bundle: bytes) -> tuple[Inbound, ...]:
    """The parts of a bundle of one's own office; 404 for any other id."""
    try:
        here = parts()
        return here.inbox.parts(here.site.instance, my_office().id, bundle, here.largest_part)
    except NoSuchBundleError:
        abort(404)


def _name(part: Inbound) -> str:
    return f"peluit-in-{part.office}-{part.number}-{part.part}of{part.parts}.tar"


def _noted(pieces: Iterator[bytes], here: Parts, part: Inbound) -> Iterator[bytes]:
    yield from pieces
    # Unnoted, the bundle is only kept longer; the download is whole.
    with suppress(StoreError):
        here.retention.end(part, here.today())


def _smaller(pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        for begin in range(0, len(piece), _PIECE):
            yield piece[begin : begin + _PIECE]
