"""Bringing back what the station wrote."""

from typing import BinaryIO, Final, cast

from flask import Blueprint, render_template, request

from journalist_app import taking
from journalist_app.errors import BundleRefusedError, DamagedBundleError, NotABundleError
from journalist_app.front import PREFIX
from journalist_app.parts import my_office, parts
from journalist_app.texts import gettext
from journalist_app.uploads import LARGEST_UPLOAD

FIELD: Final = "bundle"

blueprint = Blueprint("imports", __name__, url_prefix=PREFIX)


@blueprint.get("/import")
def form() -> str:
    return _form(None)


@blueprint.post("/import")
def take() -> str | tuple[str, int]:
    """Everything the bundle brings, or nothing and a sentence that says why."""
    untrusted_upload = request.files.get(FIELD)
    try:
        if untrusted_upload is None:
            raise NotABundleError
        untrusted_file = cast(BinaryIO, untrusted_upload.stream)
        taken = taking.take(parts(), my_office(), untrusted_file)
    except BundleRefusedError as refusal:
        return _form(refusal), 400
    return render_template("imported.html", taken=taken, next=parts().schedule.next(parts().clock()))


def _form(refusal: BundleRefusedError | None) -> str:
    return render_template(
        "import.html",
        last=parts().staff.taken.last(my_office().id),
        limit=LARGEST_UPLOAD,
        part=refusal.part if isinstance(refusal, DamagedBundleError) else None,
        reason=None if refusal is None else type(refusal).__name__,
        refusal=None if refusal is None else gettext(str(refusal)),
    )
