import os

import pytest

from nnsim.data.paths import locate
from nnsim.errors import DataError


@pytest.fixture
def folder(tmp_path):
    """Return a scenario's folder, with a secret beside it."""
    (tmp_path / "secret.csv").write_text("x")
    inside = tmp_path / "scenario"
    (inside / "data").mkdir(parents=True)
    (inside / "data" / "houses.csv").write_text("x")
    (inside / "houses.csv").write_text("x")
    return inside


def test_files_in_the_folder_and_below(folder):
    assert locate("houses.csv", folder) == folder / "houses.csv"
    assert locate("data/houses.csv", folder) == folder / "data" / "houses.csv"
    assert locate("./data/houses.csv", str(folder)).is_file()


def test_without_a_folder_the_current_one_counts(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert locate("houses.csv", None).is_file()
    with pytest.raises(DataError, match="goes up"):
        locate("../secret.csv", None)


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("/etc/passwd", "is an absolute path"),
        ("C:/secret.csv", "is an absolute path"),
        ("C:secret.csv", "is an absolute path"),
        (r"\\host\share\secret.csv", "is an absolute path"),
        ("../secret.csv", "goes up by '..'"),
        ("data/../../secret.csv", "goes up by '..'"),
        (r"data\..\..\secret.csv", "goes up by '..'"),
        ("data", "is a folder"),
        (".", "is a folder"),
        ("hauses.csv", "did you mean 'houses.csv'"),
        ("data/absent/houses.csv", "is not in the folder"),
        ("a\0b", "cannot be opened"),
        ("x" * 5000, "cannot be opened"),
    ],
)
def test_what_is_refused(folder, file, part):
    with pytest.raises(DataError) as refusal:
        locate(file, folder)
    assert part in str(refusal.value)
    assert len(str(refusal.value)) < 400


def _link(place, target, **options):
    try:
        place.symlink_to(target, **options)
    except OSError:
        pytest.skip("this system lets no user make symbolic links")


def test_links_that_lead_out_are_refused(folder):
    _link(folder / "link.csv", folder.parent / "secret.csv")
    _link(folder / "up", folder.parent, target_is_directory=True)
    for file in ("link.csv", "up/secret.csv"):
        with pytest.raises(DataError, match="leads through a link out of the folder"):
            locate(file, folder)


def test_links_that_stay_inside_serve(folder, tmp_path):
    _link(folder / "link.csv", folder / "houses.csv")
    assert locate("link.csv", folder).is_file()
    _link(tmp_path / "alias", folder, target_is_directory=True)
    assert locate("houses.csv", tmp_path / "alias").is_file()


def test_a_loop_of_links(folder):
    _link(folder / "loop.csv", folder / "loop.csv")
    with pytest.raises(DataError, match=r"loop\.csv"):
        locate("loop.csv", folder)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(folder):
    os.mkfifo(folder / "pipe.csv")
    with pytest.raises(DataError, match="is a device or a pipe"):
        locate("pipe.csv", folder)
