"""Bringing back what the station wrote: looked at first, then published or discarded."""

from contextlib import closing
from typing import BinaryIO, Final, cast

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug import Response

from crypto import calendar
from journalist_app import taking
from journalist_app.errors import BundleRefusedError, DamagedBundleError, NotABundleError
from journalist_app.front import PREFIX
from journalist_app.parts import my_office, parts
from journalist_app.taking import SLOT_DAYS, Taken
from journalist_app.texts import gettext
from journalist_app.uploads import LARGEST_UPLOAD
from store import pending

FIELD: Final = "bundle"

Answer = str | tuple[str, int] | Response

blueprint = Blueprint("imports", __name__, url_prefix=PREFIX)


@blueprint.get("/import")
def form() -> str:
    return _form(None)


@blueprint.post("/import")
def take() -> Answer:
    """Checks the bundle as a whole and keeps it for a look; nothing of it is used yet."""
    untrusted_upload = request.files.get(FIELD)
    try:
        if untrusted_upload is None:
            raise NotABundleError
        untrusted_file = cast(BinaryIO, untrusted_upload.stream)
        found = taking.preview(parts(), my_office(), untrusted_file)
    except BundleRefusedError as refusal:
        return _form(refusal), 400
    if isinstance(found, Taken):
        return _taken(found)
    untrusted_file.seek(0)
    parts().pending.keep(my_office().id, parts().today(), untrusted_file)
    return redirect(url_for("imports.preview"), 303)


@blueprint.get("/import/preview")
def preview() -> Answer:
    """What the kept bundle would change."""
    untrusted_file = _kept()
    if untrusted_file is None:
        return redirect(url_for("imports.form"), 303)
    with closing(untrusted_file):
        digest = pending.digest(untrusted_file)
        try:
            found = taking.preview(parts(), my_office(), untrusted_file)
        except BundleRefusedError as refusal:
            return _dropped(refusal)
    if isinstance(found, Taken):
        parts().pending.drop(my_office().id)
        return _taken(found)
    return render_template(
        "preview.html",
        office=my_office().names[g.language],
        found=found,
        digest=digest,
        another=request.args.get("another"),
        next=parts().schedule.next(parts().clock()),
        until=calendar.add_days(parts().today(), SLOT_DAYS),
    )


@blueprint.post("/import/publish")
def publish() -> Answer:
    """Everything that the kept bundle brings, after the same checks, or nothing and why."""
    untrusted_file = _kept()
    if untrusted_file is None:
        return redirect(url_for("imports.form"), 303)
    with closing(untrusted_file):
        # Somebody else may have uploaded another one since this page was made.
        if pending.digest(untrusted_file) != request.form.get("digest"):
            return redirect(url_for("imports.preview", another="yes"), 303)
        try:
            taken = taking.take(parts(), g.account, my_office(), untrusted_file)
        except BundleRefusedError as refusal:
            return _dropped(refusal)
    parts().pending.drop(my_office().id)
    return _taken(taken)


@blueprint.post("/import/discard")
def discard() -> Response:
    """The kept bundle goes; the stick still has it."""
    parts().pending.drop(my_office().id)
    return redirect(url_for("imports.form"), 303)


def _kept() -> BinaryIO | None:
    return parts().pending.open(my_office().id, parts().today())


def _dropped(refusal: BundleRefusedError) -> tuple[str, int]:
    parts().pending.drop(my_office().id)
    return _form(refusal), 400


def _taken(taken: Taken) -> str:
    return render_template("imported.html", taken=taken, next=parts().schedule.next(parts().clock()))


def _form(refusal: BundleRefusedError | None) -> str:
    kept = _kept()
    if kept is not None:
        kept.close()
    return render_template(
        "import.html",
        last=parts().staff.taken.last(my_office().id),
        limit=LARGEST_UPLOAD,
        waits=kept is not None,
        part=refusal.part if isinstance(refusal, DamagedBundleError) else None,
        reason=None if refusal is None else type(refusal).__name__,
        refusal=None if refusal is None else gettext(str(refusal)),
    )
