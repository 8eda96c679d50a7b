"""gunicorn's settings."""

import pytest
from gunicorn.config import Config

from hardening.deploy import gunicorn
from hardening.deploy.worker import QuietLogger, QuietWorker


def loaded() -> Config:
    config = Config()
    for name, value in vars(gunicorn).items():
        if name in config.settings:
            config.set(name, value)
    return config


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("accesslog", None),
        ("capture_output", False),
        ("control_socket_disable", True),
        ("preload_app", True),
        ("umask", 0o077),
        ("proxy_protocol", "off"),
        ("limit_request_line", 512),
        ("pidfile", None),
        ("syslog", False),
        ("statsd_host", None),
        ("reload", False),
    ],
)
def test_settings_that_privacy_depends_on(setting: str, value: object) -> None:
    assert getattr(loaded(), setting) == value


def test_nothing_in_front_is_believed() -> None:
    assert loaded().forwarded_allow_ips in ([], "")


def test_our_worker_and_logger_are_used() -> None:
    assert loaded().worker_class is QuietWorker
    assert loaded().logger_class is QuietLogger


def test_the_longest_address_fits() -> None:
    path = f"PUT /api/blob/{'a' * 32}/{'0' * 32}/{8 * 2**30}/{8 * 1024} HTTP/1.1\r\n"
    assert len(path) < loaded().limit_request_line
