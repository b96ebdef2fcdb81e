import pytest

from nnsim.errors import ScenarioError
from nnsim.scenario.reading import LARGEST_FILE, read_file, read_text


def problem_of(text):
    with pytest.raises(ScenarioError) as caught:
        read_text(text, "bad.toml")
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[network]\nloss = \n", 2),
        ("[network\n", 1),
        ("a = 1\n\na = 2\n", 3),
        ('a = """\nnever closed', 2),
        ("a = 1979-13-01\n", 1),
        ("[a]\n[a]\n", 2),
    ],
)
def test_a_syntax_error_has_its_line(text, line):
    problem = problem_of(text)
    assert problem.line == line
    assert str(problem).startswith(f"bad.toml:{line}: is not valid TOML: ")


@pytest.mark.parametrize("depth", [80, 160, 320, 480, 640, 100_000])
@pytest.mark.parametrize(("begin", "end"), [("[", "]"), ("{b=", "}")])
def test_deep_nesting_is_a_problem_and_no_crash(begin, end, depth):
    text = f"a = {begin * depth}1{end * depth}"
    assert "nested too deeply" in problem_of(text).message


def test_a_number_of_very_many_digits_is_a_problem():
    assert "not valid TOML" in problem_of("a = " + "1" * 10_000).message


def test_a_file_that_is_not_utf_8_names_the_line(tmp_path):
    path = tmp_path / "latin.toml"
    path.write_bytes(b"a = 1\nb = '\xe9'\n")
    with pytest.raises(ScenarioError, match=r"latin\.toml:2: is not UTF-8 text"):
        read_file(path)


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path):
    path = tmp_path / "windows.toml"
    path.write_bytes(b"\xef\xbb\xbfa = 1\r\nb = '''\r\nx'''\r\nc = 2\r\n")
    document = read_file(path)
    assert document.values["b"] == "x"
    assert document.line(("c",)) == 4


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_what_cannot_be_read_is_a_problem(tmp_path, name):
    with pytest.raises(ScenarioError):
        read_file(tmp_path / name)


def test_a_huge_file_is_refused(tmp_path):
    path = tmp_path / "huge.toml"
    path.write_bytes(b"#" * (LARGEST_FILE + 1))
    with pytest.raises(ScenarioError, match="16 MiB"):
        read_file(path)
