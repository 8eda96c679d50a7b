"""The header set, byte for byte."""

import pytest

from hardening.headers import Kind, headers, kind_of

POLICIES = {
    Kind.PAGE: "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "worker-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    Kind.SCRIPT: "default-src 'none'; connect-src 'self'; frame-ancestors 'none'",
    Kind.DATA: "default-src 'none'; frame-ancestors 'none'; sandbox",
    Kind.FORM_PAGE: "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
}


@pytest.mark.parametrize("kind", Kind)
def test_the_policy_is_byte_exact(kind: Kind) -> None:
    assert headers(kind)["Content-Security-Policy"] == POLICIES[kind]


@pytest.mark.parametrize("kind", Kind)
def test_the_others_are_the_same_everywhere(kind: Kind) -> None:
    others = headers(kind)
    del others["Content-Security-Policy"]
    features = others.pop("Permissions-Policy").split(", ")
    assert len(features) == 21
    assert all(feature.endswith("=()") for feature in features)
    assert others == {
        "Cache-Control": "no-store",
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    "hole", ["unsafe-", "*", "data:", "blob:", "http", "wasm", "upgrade-insecure-requests"]
)
def test_no_policy_has_a_hole(kind: Kind, hole: str) -> None:
    assert hole not in headers(kind)["Content-Security-Policy"]


def test_callers_cannot_change_each_others_headers() -> None:
    headers(Kind.PAGE).clear()
    assert headers(Kind.PAGE)


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("text/html", Kind.PAGE),
        ("text/javascript", Kind.SCRIPT),
        ("text/css", Kind.SCRIPT),
        ("application/json", Kind.DATA),
        ("application/octet-stream", Kind.DATA),
        ("image/svg+xml", Kind.DATA),
        ("", Kind.DATA),
    ],
)
def test_what_an_answer_is_follows_from_its_type(media_type: str, kind: Kind) -> None:
    assert kind_of(media_type) is kind
