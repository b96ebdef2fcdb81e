"""textual-serve's server, kept to visitors of its own page. Needs the extra `serve`."""

from __future__ import annotations

import logging
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp_jinja2
from aiohttp import web
from textual_serve import server as textual_serve

from nnsim.errors import NnsimError

_HERE = Path(__file__).resolve().parent
_OWN_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws: wss:"
)
"""What a page may load: nothing from elsewhere."""


class PortError(NnsimError):
    """The address cannot be listened at."""


def serve(command: str, host: str, port: int, url: str | None = None) -> None:
    """Serve until Ctrl-C."""
    _refuse_if_taken(host, port)
    AppServer(command, host, port, url).serve()


class AppServer(textual_serve.Server):
    """Serves our page; a page of another site cannot drive the app through a visitor's browser."""

    def __init__(self, command: str, host: str, port: int, url: str | None = None):
        super().__init__(
            command,
            host=host,
            port=port,
            title="nnsim",
            public_url=url,
            templates_path=_HERE / "templates",
        )
        self._names = _OWN_NAMES | {host, _host_name(self.public_url)}

    async def on_startup(self, app: web.Application) -> None:
        """Say where it is, and nothing else."""
        self.console.print(f"nnsim: open {self.public_url} in a browser; Ctrl-C ends")

    def initialize_logging(self) -> None:
        """Log what goes wrong only."""
        logging.basicConfig(level="WARNING", format="%(message)s")

    @aiohttp_jinja2.template("app_index.html")
    async def handle_index(self, request: web.Request) -> dict[str, Any]:
        """Return the page."""
        self._check(request)
        size = textual_serve.to_int(request.query.get("fontsize", "16"), 16)
        return {"font_size": min(max(size, 6), 64), "policy": _POLICY}

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Drive the app for a visitor of our own page."""
        self._check(request)
        origin = request.headers.get("Origin")
        if origin and urlsplit(origin).netloc != request.host:
            raise web.HTTPForbidden(text="The app is driven from its own page only.")
        return await super().handle_websocket(request)

    def _check(self, request: web.Request) -> None:
        """Refuse a foreign name that was made to point at this machine."""
        listens_here_only = self.host in _OWN_NAMES
        if listens_here_only and _host_name(f"//{request.host}") not in self._names:
            raise web.HTTPForbidden(text="Not this address; name it with --url.")


def _host_name(url: str) -> str:
    return urlsplit(url).hostname or ""


def _refuse_if_taken(host: str, port: int) -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise PortError(
            f"cannot listen at {host}:{port}: {reason}; another --port may be free"
        ) from None
