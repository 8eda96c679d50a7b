"""The page's app: server-rendered, without scripts."""

from pathlib import Path

from flask import Flask
from jinja2 import StrictUndefined

from crypto import calendar
from workstation import terminal, texts, watermark
from workstation.page import (
    access,
    accounts,
    case_list,
    case_page,
    classifying,
    conflicts,
    counting,
    dispositions,
    due_page,
    erasing,
    exporting,
    failures,
    forwarding,
    front,
    handing,
    headers,
    identities,
    intake,
    keys,
    lessons_page,
    locking,
    log_page,
    looking,
    moving,
    offices,
    outgoing,
    packaging,
    pausing,
    planning,
    proving,
    publishing,
    replying,
    retaining,
    reviewing,
    taking_in,
    timing,
    words,
    working,
)
from workstation.page import session as sessions
from workstation.page import visit as visits
from workstation.page.server import LARGEST_FORM
from workstation.page.session import Session
from workstation.page.visit import Visit


def create_app(session: Session, visit: Visit) -> Flask:
    """The app for one session and one browser."""
    app = Flask("workstation.page", static_folder=None, root_path=str(Path(__file__).parent))
    app.config.update(
        PROVIDE_AUTOMATIC_OPTIONS=False, MAX_CONTENT_LENGTH=LARGEST_FORM, MAX_FORM_MEMORY_SIZE=LARGEST_FORM
    )
    app.extensions[sessions.NAME], app.extensions[visits.NAME] = session, visit
    app.before_request(access.guard)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        safe_line=terminal.safe, safe_text=words.safe_text, day=words.written_day, size=terminal.size
    )
    app.jinja_env.globals.update(
        _=texts._,
        n_=texts.n_,
        language=texts.language,
        today=calendar.today,
        session=session,
        proof=visit.proof,
        known=access.known,
        bar=front.bar,
        watermark=watermark.of_folder(session.folder),
    )
    for topic in (
        *(taking_in, retaining),
        *(publishing, lessons_page, accounts),
        *(classifying, reviewing, planning, conflicts),
        *(due_page, timing, counting),
        *(offices, forwarding, dispositions, packaging),
        *(
            front,
            locking,
            working,
            intake,
            case_list,
            case_page,
            moving,
            pausing,
            replying,
            looking,
            exporting,
            outgoing,
        ),
        *(keys, handing, identities, erasing, proving, log_page),
    ):
        app.register_blueprint(topic.blueprint)
    failures.register(app)
    app.after_request(headers.add)
    app.after_request(access.leave_when_idle)
    return app
