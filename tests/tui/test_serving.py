import asyncio
import re
import shlex
import socket
from importlib.util import find_spec
from pathlib import Path

import pytest

import nnsim.tui.serving
from nnsim.errors import ExitCode, MissingExtraError
from nnsim.tui.serving import command, serve_app

PAGE = Path(nnsim.tui.serving.__file__).parent / "templates" / "app_index.html"
needs_extra = pytest.mark.skipif(find_spec("textual_serve") is None, reason="needs nnsim[serve]")


def test_the_page_names_nothing_elsewhere():
    text = PAGE.read_text(encoding="utf-8")
    assert not re.search(r"https?://|//\w", text.replace("://", ":"))
    for url in re.findall(r'(?:src|href)="([^"]*)"', text):
        assert url.startswith(("static/", "data:")), url


def test_without_the_extra_it_is_named(monkeypatch):
    monkeypatch.setattr("nnsim.tui.serving.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'nnsim\[serve\]'") as raised:
        serve_app()
    assert raised.value.exit_code == ExitCode.MISSING


def test_each_visitor_runs_the_app():
    words = shlex.split(command(theme="a b", low_bandwidth=True))
    assert words[1:] == ["-m", "nnsim", "tui", "--theme", "a b", "--low-bandwidth"]


def answer_of(host="127.0.0.1", path="/", url=None, **headers):
    """Return status and text of what the server answers."""
    from aiohttp.test_utils import TestClient, TestServer

    from nnsim.tui.serving.server import AppServer

    async def ask():
        server = AppServer("true", host, 8000, url)
        server.console.quiet = True
        async with TestClient(TestServer(await server._make_app())) as client:
            response = await client.get(path, headers=headers)
            return response.status, await response.text()

    return asyncio.run(ask())


@needs_extra
def test_the_page_forbids_what_is_elsewhere():
    status, text = answer_of()
    assert status == 200 and "<title>nnsim</title>" in text
    assert "default-src &#39;self&#39;" in text and "http" not in text.split("<script>")[0][200:]


@needs_extra
@pytest.mark.parametrize("path", ["/static/js/textual.js", "/static/css/xterm.css"])
def test_what_the_page_needs_is_served_from_here(path):
    assert f'"{path[1:]}"' in PAGE.read_text(encoding="utf-8")
    assert answer_of(path=path)[0] == 200


@needs_extra
def test_fonts_are_served_from_here():
    for font in re.findall(r'url\("([^"]*)"\)', PAGE.read_text(encoding="utf-8")):
        assert (
            Path(str(find_spec("textual_serve").submodule_search_locations[0])) / font
        ).is_file()


@needs_extra
def test_another_sites_page_cannot_drive_the_app():
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    assert answer_of(path="/ws", Origin="http://elsewhere.example", **headers)[0] == 403


@needs_extra
def test_a_foreign_name_for_this_machine_is_refused_unless_it_is_named():
    assert answer_of(Host="elsewhere.example")[0] == 403
    assert answer_of(Host="elsewhere.example", path="/ws")[0] == 403
    assert answer_of(Host="lab.example", url="https://lab.example")[0] == 200
    assert answer_of(Host="lab.example", host="0.0.0.0")[0] == 200
    assert answer_of(Host="localhost:8000")[0] == 200


@needs_extra
def test_a_font_size_is_a_number():
    assert 'data-font-size="64"' in answer_of(path="/?fontsize=999")[1]
    assert 'data-font-size="16"' in answer_of(path="/?fontsize=<script>")[1]


@needs_extra
def test_a_taken_port_is_told():
    from nnsim.tui.serving.server import PortError

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PortError, match="another --port"):
            serve_app(port=taken.getsockname()[1])
