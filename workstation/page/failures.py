"""Every refusal as a page. It says what to do, and nothing about the request."""

from typing import Final

from flask import Flask, render_template
from werkzeug import Response
from werkzeug.exceptions import HTTPException, InternalServerError

from workstation.errors import BusyError, CannotReadError, NoSuchCaseError, StationError
from workstation.page.server import report
from workstation.reasons import reason
from workstation.texts import N_, _

_SAID: Final[dict[int, tuple[str, str]]] = {
    400: (N_("Not understood"), N_("The page cannot read this request. Go back to the start.")),
    403: (
        N_("Not from here"),
        N_(
            "This page answers only the browser in which it was opened, and only its own forms. If this is "
            "that browser, go to the start. If not: stop the program in its window with Ctrl+C, and open it "
            "again with: peluit station open"
        ),
    ),
    404: (N_("Not found"), N_("There is nothing here, or it is not for you.")),
    413: (N_("Too large"), N_("This text is larger than any reply can be.")),
    500: (N_("Something failed"), N_("This could not be finished. Nothing is half done; try it again.")),
}


def register(app: Flask) -> None:
    """Makes every error of the app one of these pages."""
    app.register_error_handler(HTTPException, _page)
    app.register_error_handler(StationError, _refused)
    app.register_error_handler(OSError, _system)
    app.register_error_handler(Exception, _unforeseen)


def _refused(error: StationError) -> tuple[str, int]:
    """What a command would say on the terminal."""
    status = 404 if isinstance(error, NoSuchCaseError) else 409 if isinstance(error, BusyError) else 400
    return render_template(
        "failed.html", status=status, title=_("That did not work"), sentence=str(error)
    ), status


def _system(error: OSError) -> tuple[str, int]:
    return _refused(CannotReadError(path=error.filename or "–", reason=reason(error)))


def _unforeseen(error: Exception) -> Response:
    report(error)
    return _page(InternalServerError())


def _page(error: HTTPException) -> Response:
    response = error.get_response()
    status = response.status_code
    if status < 400:
        return response
    title, sentence = _SAID.get(status, _SAID[400] if status < 500 else _SAID[500])
    html = render_template("failed.html", status=status, title=_(title), sentence=_(sentence))
    response.set_data(html)
    response.content_type = "text/html; charset=utf-8"
    return response
