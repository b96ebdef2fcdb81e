"""Output files appear whole or not at all, and errors name the file and the reason."""

import os
import stat
import sys
from pathlib import Path

import pytest

from nnsim.errors import ExitCode
from nnsim.report.files import OutputError, check_writable, write_bytes, write_text

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")


def test_text_is_written_as_it_is(tmp_path):
    path = tmp_path / "out.csv"
    write_text(path, "a,b\r\né\n")
    assert path.read_bytes() == "a,b\r\né\n".encode()
    assert list(tmp_path.iterdir()) == [path]


def test_failed_write_keeps_the_old_file_and_leaves_no_other(tmp_path):
    path = tmp_path / "out.json"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_text(path, "half \ud800")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("function", [check_writable, lambda path: write_text(path, "x")])
def test_missing_folder_is_named(tmp_path, function):
    path = tmp_path / "nowhere" / "out.json"
    with pytest.raises(OutputError, match="nowhere") as caught:
        function(path)
    assert caught.value.exit_code is ExitCode.BAD_INPUT


@pytest.mark.parametrize("function", [check_writable, lambda path: write_text(path, "x")])
def test_folder_is_no_file(tmp_path, function):
    with pytest.raises(OutputError, match="cannot write"):
        function(tmp_path)
    assert tmp_path.is_dir()


def test_folder_without_permission(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write anywhere
    with pytest.raises(OutputError, match="no permission"):
        check_writable(tmp_path / "out.json")


@posix
def test_device_is_written_to_and_stays_a_device():
    path = Path("/dev/null")
    check_writable(path)
    write_text(path, "gone")
    assert stat.S_ISCHR(path.stat().st_mode)


@posix
def test_link_is_kept_and_its_target_replaced(tmp_path):
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    target.write_text("old")
    link.symlink_to(target)
    write_text(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


@posix
def test_permissions_are_those_of_any_new_file_or_of_the_old_one(tmp_path):
    fresh, plain, old = tmp_path / "fresh", tmp_path / "plain", tmp_path / "old"
    plain.write_text("x")
    write_text(fresh, "x")
    assert fresh.stat().st_mode == plain.stat().st_mode
    old.write_text("x")
    old.chmod(0o640)
    write_text(old, "y")
    assert stat.S_IMODE(old.stat().st_mode) == 0o640


def test_bytes_are_written_as_they_are(tmp_path):
    path = tmp_path / "out.png"
    path.write_text("old")
    write_bytes(path, b"\x89PNG\r\n\x00")
    assert path.read_bytes() == b"\x89PNG\r\n\x00"
    assert list(tmp_path.iterdir()) == [path]
