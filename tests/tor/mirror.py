"""An app that answers with everything it is told of a request, run with Peluit's own settings of gunicorn."""

from flask import Flask, Response, jsonify, request

from hardening.confinement import Reach
from hardening.deploy import REACH

app = Flask(__name__)
app.extensions[REACH] = Reach()


@app.get("/")
def told() -> Response:
    """The texts and addresses among the variables of WSGI, as Python writes them."""
    return jsonify({k: repr(v) for k, v in request.environ.items() if isinstance(v, str | tuple)})
