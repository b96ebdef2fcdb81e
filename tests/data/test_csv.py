import csv

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nnsim.data import csv_table
from nnsim.data.loading import load_data
from nnsim.data.specification import DataSpecification
from nnsim.errors import DataError, SizeError
from nnsim.kernels.codes import Task


@pytest.fixture
def load(tmp_path):
    """Return a function that writes a file and loads it."""

    def write_and_load(content, **options):
        raw = content if isinstance(content, bytes) else content.encode()
        (tmp_path / "houses.csv").write_bytes(raw)
        options = {"file": "houses.csv", "target": "price", **options}
        return load_data(DataSpecification("csv", options), folder=tmp_path)

    return write_and_load


@pytest.fixture
def refused(load, tmp_path):
    """Return a function that gives the lines of the refusal, the folder left out."""

    def lines(content, **options):
        with pytest.raises(DataError) as refusal:
            load(content, **options)
        return str(refusal.value).replace(str(tmp_path / "houses.csv"), "houses.csv").split("\n")

    return lines


def test_regression(load):
    data = load("size,rooms,price\n50,2,100.5\n 80 ,3,160\n120,4,240.25\n")
    assert data.task == Task.REGRESSION
    assert data.feature_names == ("size", "rooms")
    assert data.target_names == ("price",)
    assert np.array_equal(data.train.X, [[50, 80, 120], [2, 3, 4]])
    assert np.array_equal(data.train.Y, [[100.5, 160, 240.25]])
    assert data.train.X.flags.c_contiguous


def test_the_target_may_stand_anywhere_and_features_are_chosen_in_order(load):
    data = load("a,price,b,c\n1,10,2,3\n4,20,5,6\n", features=["c", "a"], task="regression")
    assert np.array_equal(data.train.X, [[3, 6], [1, 4]])
    single = load("a,price,b\n1,10,2\n4,20,5\n", features="b", task="regression")
    assert np.array_equal(single.train.X, [[2, 5]])


def test_text_labels(load):
    data = load("size,price\n50,low\n80,high\n90,high\n")
    assert data.task == Task.BINARY
    assert data.class_names == ("high", "low")
    assert data.train.Y.tolist() == [[1, 0, 0]]


def test_several_targets(load):
    data = load("a,b,c\n1,2.5,3\n4,5,6\n", target=["b", "c"])
    assert data.task == Task.REGRESSION
    assert np.array_equal(data.train.Y, [[2.5, 5], [3, 6]])
    one_hot = load("a,cat,dog\n1,1,0\n2,0,1\n", target=["cat", "dog"])
    assert (one_hot.task, one_hot.class_names) == (Task.MULTICLASS, ("cat", "dog"))


def test_the_dialects_of_spreadsheets(load):
    expected = [[1, 3], [2, 4]]
    for content, delimiter in (
        (b"\xef\xbb\xbfa,b,price\r\n1,2,3\r\n3,4,5\r\n\r\n", "comma"),
        (b'"a";"b";"price"\n"1";"2";"3"\n3;4;5', "semicolon"),
        (b"a\tb\tprice\r1\t2\t3\r3\t4\t5\r", "tab"),
        (b"\n  \na, b, price\n1, 2, 3\n\n3, 4, 5\n", "comma"),
    ):
        assert np.array_equal(load(content, delimiter=delimiter).train.X, expected)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_empty(refused, content):
    assert refused(content) == ["houses.csv: is empty; expected a header line and a row an example"]


def test_too_few_rows(refused):
    (none,) = refused("size,price\n")
    assert "has a header but no rows" in none
    (one,) = refused("size,price\n1,2\n")
    assert "has only one row; expected two or more" in one


def test_wrong_headers(refused):
    assert refused("size,price,size,,\n1,2,3,4,5\n") == [
        "houses.csv:1: header: columns 1 and 3 are all named 'size'",
        "houses.csv:1: header: column 4 and 5 has no name",
    ]
    (numbers,) = refused("1,2\n3,4\n")
    assert numbers == "houses.csv:1: header: holds only numbers; expected the names of the columns"
    (semicolons,) = refused("size;price\n3;4\n")
    assert "houses.csv:1: header: is one cell" in semicolons
    assert "set delimiter to 'semicolon'" in semicolons


def test_unknown_columns_get_the_nearest_name(refused):
    lines = refused("size,rooms,price\n1,2,3\n", target="prise", features=["seize", "rooms"])
    assert lines == [
        "houses.csv: target: has no column 'prise'; expected one of size, rooms, price; "
        "did you mean 'price'?",
        "houses.csv: features: has no column 'seize'; expected one of size, rooms, price; "
        "did you mean 'size'?",
    ]
    (both,) = refused("size,price\n1,2\n", features=["size", "price"])
    assert "column 'price' is the target as well" in both


def test_no_features(refused):
    (line,) = refused("price\n1\n2\n")
    assert "has no column besides the target" in line


def test_every_wrong_cell_and_row_at_once_in_the_files_order(refused):
    lines = refused("size,rooms,price\n1,2,3\n1,,x\n\n1,2\n1,2,3,4\nnan,1_0,inf\n5,many,2\n")
    assert [line.split(": ", 2)[:2] for line in lines] == [
        ["houses.csv:3", "row 2, column 'rooms'"],
        ["houses.csv:3", "row 2, column 'price'"],
        ["houses.csv:5", "row 3 has 2 cells; expected 3, as in the header"],
        ["houses.csv:6", "row 4 has 4 cells; expected 3, as in the header"],
        ["houses.csv:7", "row 5, column 'size'"],
        ["houses.csv:7", "row 5, column 'rooms'"],
        ["houses.csv:7", "row 5, column 'price'"],
        ["houses.csv:8", "row 6, column 'rooms'"],
    ]
    reasons = "\n".join(lines)
    for reason in (
        "is empty",
        "'x' is not a number",
        "nan is not a finite",
        "'1_0' is not a number",
    ):
        assert reason in reasons


def test_cells_with_line_ends_are_counted_by_lines_and_rows(refused):
    (line,) = refused('"the\nsize",price\n1,"2"\n\n"x\n",3\n')
    assert line.startswith("houses.csv:6: row 2, column 'the\\nsize': 'x' is not a number")


def test_many_mistakes_are_counted_not_all_told(refused):
    rows = "".join(f"{'?' if i % 2 else i},{i}.5\n" for i in range(1000))
    lines = refused("size,price\n" + rows)
    assert len(lines) == 6
    assert lines[-1] == "houses.csv: and 495 more like these (column 'size')"


def test_a_limit_over_all_columns(refused):
    names = [f"c{i}" for i in range(40)]
    rows = (",".join(["1"] * 40) + ",2\n") + (",".join(["?"] * 40) + ",3\n")
    lines = refused(",".join(names) + ",price\n" + rows)
    assert len(lines) == csv_table.MOST_PROBLEMS + 1


def test_a_column_of_text_is_told_once(refused):
    rows = "".join(f"{i},Oslo,{i}.5\n" for i in range(30))
    assert refused("size,city,price\n" + rows) == [
        "houses.csv: column 'city': holds text only; leave it out by `features`, "
        "or write numbers for it"
    ]


def test_labels_that_are_text_here_and_numbers_there(load, refused):
    content = "size,price\n1,0\n2,1\n3,n/a\n"
    (line,) = refused(content)
    assert line == (
        "houses.csv:4: row 3, column 'price': 'n/a' is not a number; "
        "if these are classes, set task to 'classification'"
    )
    assert load(content, task="classification").class_names == ("0", "1", "n/a")


@pytest.mark.parametrize("task", ["auto", "classification", "regression"])
def test_a_missing_label_is_never_a_class(refused, task):
    lines = refused("size,price\n1,yes\n2,\n3,NaN\n", task=task)
    assert any("row 2, column 'price': is empty" in line for line in lines)
    assert any("row 3, column 'price': NaN is not a finite number" in line for line in lines)


def test_text_where_numbers_are_wanted(refused):
    rows = "size,a,b\n1,x,1\n2,y,0\n"
    assert refused(rows, target="a", features="size", task="regression") == [
        "houses.csv: column 'a': holds text such as 'x'; expected numbers"
    ]
    assert refused(rows, target=["a", "b"]) == [
        "houses.csv: column 'a': holds text such as 'x'; expected numbers"
    ]


@pytest.mark.parametrize("label", ["0", "yes"])
def test_a_single_class(refused, label):
    (line,) = refused(f"size,price\n1,{label}\n2,{label}\n")
    assert "there must be two or more" in line


def test_bytes_that_are_no_text(refused):
    assert refused(b"size,price\n1,2\n3,\xff\n") == [
        "houses.csv:3: is not UTF-8 text (byte 0xff); expected a CSV file"
    ]
    (line,) = refused(b"size,price\n" + b"1,2\n" * 40_000 + b"\xe9,1\n")
    assert line.startswith("houses.csv:40002: ")


def test_a_quote_that_never_closes(refused):
    (line,) = refused('size,price\n1,"2\n3,4\n')
    assert line == "houses.csv:3: unexpected end of data; expected a CSV file"


def test_a_cell_without_end(refused):
    (line,) = refused("size,price\n" + "1" * 200_000 + ",2\n")
    assert "field larger than field limit" in line


def test_a_file_too_large_is_refused_before_it_is_kept(load, monkeypatch):
    monkeypatch.setattr("nnsim.memory.available_memory", lambda: 1000)
    with pytest.raises(SizeError, match=r"houses\.csv with about 101 rows needs"):
        load("size,price\n" + "1,2.5\n" * 100)


def test_a_second_file_reads_as_the_first(tmp_path):
    (tmp_path / "web.csv").write_text("a,b,y\n" + "1,2,cat\n3,4,dog\n5,6,owl\n" * 4)
    (tmp_path / "phone.csv").write_text("y,b,a\n" + "owl,20,10\ncat,40,30\n" * 4)
    specification = DataSpecification(
        "csv",
        {"file": "web.csv", "target": "y"},
        split=(1.0, 0.5, 0.5),
        held_out={"file": "phone.csv"},
        shuffle=False,
    )
    data = load_data(specification, folder=tmp_path)
    assert data.class_names == ("cat", "dog", "owl")
    assert (data.train.m, data.dev.m, data.test.m) == (12, 4, 4)
    assert np.array_equal(data.dev.X[:, :2], [[10, 30], [20, 40]])
    assert np.array_equal(data.dev.Y[:, :2], [[0, 1], [0, 0], [1, 0]])


def test_a_second_file_with_another_class(tmp_path):
    (tmp_path / "web.csv").write_text("a,y\n1,cat\n3,dog\n")
    (tmp_path / "phone.csv").write_text("a,y\n1,cat\n3,cow\n")
    specification = DataSpecification(
        "csv", {"file": "web.csv", "target": "y"}, (0.5, 0.5, 0.0), {"file": "phone.csv"}
    )
    with pytest.raises(DataError, match="has the classes cow, which the source has not"):
        load_data(specification, folder=tmp_path)


numbers = st.floats(allow_nan=False, allow_infinity=False)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(numbers, numbers, numbers), min_size=2, max_size=20))
def test_numbers_come_back_to_the_last_bit(tmp_path, rows):
    with (tmp_path / "any.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([("a", "b", "y"), *rows])
    options = {"file": "any.csv", "target": "y", "task": "regression"}
    data = load_data(DataSpecification("csv", options), folder=tmp_path)
    assert np.array_equal(np.vstack([data.train.X, data.train.Y]).T, np.array(rows))


@pytest.mark.parametrize(
    "cell", ["nan", "-inf", "Infinity", "1_000", "1e999", "", " ", "0x10", "1,5"]
)
def test_one_wrong_cell_in_a_good_row(refused, cell):
    lines = refused(f'size,rooms,price\n1,2,3\n4,"{cell}",6\n')
    assert len(lines) == 1
    assert lines[0].startswith("houses.csv:3: row 2, column 'rooms': ")


def test_large_numbers_whose_sum_overflows_are_fine(load):
    data = load("a,b,price\n1e308,1e308,1\n2,3,4\n")
    assert data.train.X[0, 0] == data.train.X[1, 0] == 1e308
