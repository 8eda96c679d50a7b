"""Bundles for the station: frozen once, downloaded as often as it takes."""

from flask import Blueprint, Response, abort, g, redirect, render_template, url_for
from werkzeug import Response as BaseResponse
from werkzeug.routing import BaseConverter

from crypto import bundle as archive
from crypto import canonical
from crypto.constants import ID_SIZE
from crypto.manifest import Inbound
from journalist_app.front import PREFIX
from journalist_app.parts import my_office, parts
from store.errors import NoSuchBundleError

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
    """Everything new becomes one bundle; what comes in from now on is for the next."""
    frozen = parts().inbox.freeze(my_office().id, parts().today())
    if frozen is None:
        return redirect(url_for("queue.waiting"), 303)
    return redirect(url_for("bundles.ready", bundle=frozen.id), 303)


@blueprint.get("/bundles/<bundle_id:bundle>")
def ready(bundle: bytes) -> str:
    manifest = _manifest(bundle)
    return render_template(
        "bundle.html",
        office=my_office().names[g.language],
        bundle=manifest,
        name=_name(manifest),
        size=archive.size_of(manifest, signed=False),
    )


@blueprint.get("/bundles/<bundle_id:bundle>/<name>")
def download(bundle: bytes, name: str) -> Response:
    """The archive, piece by piece: a worker never holds more than one item or 1 MiB of it."""
    manifest = _manifest(bundle)
    if name != _name(manifest):
        abort(404)
    inbox = parts().inbox
    pieces = archive.write(manifest, lambda entry: inbox.read_entry(manifest.office, entry), canonical.dump)
    response = Response(pieces, mimetype="application/x-tar")
    response.content_length = archive.size_of(manifest, signed=False)
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


def _manifest(bundle: bytes) -> Inbound:
    """The manifest of a bundle of one's own office; 404 for any other id."""
    try:
        return parts().inbox.manifest(parts().site.instance, my_office().id, bundle)
    except NoSuchBundleError:
        abort(404)


def _name(manifest: Inbound) -> str:
    return f"peluit-in-{manifest.office}-{manifest.number}.tar"
