"""Configurations of two web servers for the landing page: no logs, no cookies, no scripts, nothing cached.

Both send Onion-Location, by which Tor Browser offers the onion address to whoever opens the page in it.
"""

from typing import Final

from hardening.headers import Kind, headers
from peluit.landing.facts import Facts

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""Nothing from elsewhere, and no script, even if somebody put one in."""

_NGINX: Final = """\
# nginx for the landing page: into /etc/nginx/conf.d/. It logs nothing, neither who came nor what failed.
access_log off;
error_log /dev/null crit;
server_tokens off;

server {{
    listen 80;
    listen [::]:80;
    server_name {domain};
    return 301 https://$server_name$request_uri;
}}

server {{
    listen 443 ssl http2;
    listen [::]:443 ssl http2;
    server_name {domain};
    ssl_certificate /etc/ssl/{domain}/fullchain.pem;
    ssl_certificate_key /etc/ssl/{domain}/privkey.pem;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache off;
    ssl_session_tickets off;

    root {root};
    index index.html;
    log_not_found off;
    etag off;
    if_modified_since off;
    max_ranges 0;
    client_max_body_size 1k;

{headers}
    add_header Last-Modified "" always;

    if ($request_method !~ ^(GET|HEAD)$) {{
        return 405;
    }}
}}
"""

_CADDY: Final = """\
# Caddy for the landing page: /etc/caddy/Caddyfile. It keeps no log, and gets its certificate by itself.
{{
\tskip_install_trust
\tlog {{
\t\toutput discard
\t}}
}}

{domain} {{
\troot * {root}
\tfile_server
\theader {{
{headers}
\t\t-Etag
\t\t-Last-Modified
\t\t-Server
\t}}
}}
"""


def nginx(facts: Facts, domain: str, root: str) -> str:
    """A file for nginx 1.22 (Debian 12). `root`: where the folder `site` will lie on that server."""
    lines = (f'    add_header {name} "{value}" always;' for name, value in _headers(facts).items())
    return _NGINX.format(domain=domain, root=root, headers="\n".join(lines))


def caddy(facts: Facts, domain: str, root: str) -> str:
    """A file for Caddy 2.6 (Debian 12), with the same headers."""
    lines = (f'\t\t{name} "{value}"' for name, value in _headers(facts).items())
    return _CADDY.format(domain=domain, root=root, headers="\n".join(lines))


def _headers(facts: Facts) -> dict[str, str]:
    return {
        **headers(Kind.DATA),
        "Content-Security-Policy": POLICY,
        "Onion-Location": facts.url,
        "Strict-Transport-Security": "max-age=31536000",
    }
