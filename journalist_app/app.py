"""The reviewers' app: one Flask app for one installation."""

import time
from collections.abc import Callable
from functools import partial

from flask import Flask, Response
from jinja2 import StrictUndefined

from crypto.manifest import LARGEST_PART
from hardening.deploy import REACH, WORKER_START
from hardening.headers import Kind, headers
from journalist_app import (
    access,
    audit,
    bundles,
    deadlines,
    failures,
    front,
    housekeeping,
    imports,
    invitation,
    navigation,
    numbers,
    own,
    people,
    queue,
    sign_in,
    storage,
    system,
    texts,
    uploads,
    visit,
)
from journalist_app import board as board_page
from journalist_app.parts import NAME, open_parts
from journalist_app.schedule import DAILY, Schedule
from store.layout import Layout
from store.reach import of_journalist
from store.space import DEFAULT_LIMITS, Limits

# Loopback, and any onion: a name that was made to point here from elsewhere (DNS rebinding) gets nothing.
_HOSTS = ["127.0.0.1", "localhost", ".onion"]

_KINDS = {"text/html": Kind.FORM_PAGE, "text/css": Kind.SCRIPT}


def create_app(
    layout: Layout,
    clock: Callable[[], float] = time.time,
    largest_part: int = LARGEST_PART,
    schedule: Schedule = DAILY,
    limits: Limits = DEFAULT_LIMITS,
    inbox: str = "",
) -> Flask:
    """The app for the installation at `layout`; the others as in Parts. Any StoreError."""
    app = Flask("journalist_app", static_folder=None)
    app.config.update(PROVIDE_AUTOMATIC_OPTIONS=False, TRUSTED_HOSTS=_HOSTS)
    parts = open_parts(layout, None, clock, largest_part, schedule, limits, inbox)
    app.extensions[NAME] = parts
    app.extensions[REACH] = of_journalist(layout, inbox)
    app.extensions[WORKER_START] = partial(housekeeping.start, parts)
    texts.register(app)
    app.before_request(visit.begin)
    uploads.register(app)
    app.before_request(access.guard)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(proof=visit.proof, bar=navigation.bar)
    app.url_map.converters["bundle_id"] = bundles.BundleIdConverter
    shared = (front, sign_in, invitation, own)
    offices = (queue, bundles, imports, board_page, people, deadlines, storage, numbers)
    for topic in (*shared, *offices, system, audit):
        app.register_blueprint(topic.blueprint)
    failures.register(app)
    app.after_request(_add_headers)
    return app


def _add_headers(response: Response) -> Response:
    kind = _KINDS.get(response.mimetype or "", Kind.DATA)
    response.headers.update(headers(kind))
    return response
