import io
import pickle
import zipfile

import numpy as np
import pytest

from nnsim.data.loading import load_data
from nnsim.data.specification import DataSpecification
from nnsim.errors import DataError, SizeError
from nnsim.kernels.codes import Task

X = np.arange(12.0).reshape(3, 4)
Y = np.array([[0, 1, 1, 0]])


@pytest.fixture
def load(tmp_path):
    """Return a function that saves arrays and loads them."""

    def save_and_load(arrays, **options):
        np.savez(tmp_path / "a.npz", **arrays)
        return load_file(tmp_path, **options)

    return save_and_load


def load_file(folder, **options):
    return load_data(DataSpecification("npz", {"file": "a.npz", **options}), folder=folder)


def test_the_courses_layout(load):
    data = load({"X": X, "Y": Y})
    assert data.task == Task.BINARY
    assert np.array_equal(data.train.X, X)
    assert np.array_equal(data.train.Y, Y)
    assert data.train.X.dtype == data.train.Y.dtype == np.float64
    assert data.train.X.flags.c_contiguous


def test_an_example_a_row(load):
    data = load({"inputs": X.T, "labels": Y[0]}, X="inputs", Y="labels", layout="rows")
    assert np.array_equal(data.train.X, X)
    assert np.array_equal(data.train.Y, Y)
    assert data.target_names == ("labels",)


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float32, np.bool_, ">f8"])
def test_every_kind_of_number(load, dtype):
    data = load({"X": X.astype(dtype), "Y": Y.astype(dtype)})
    assert np.array_equal(data.train.X, X.astype(dtype).astype(float))


@pytest.mark.parametrize("labels", [["b", "a", "c", "a"], [b"b", b"a", b"c", b"a"]])
def test_text_labels(load, labels):
    data = load({"X": X, "Y": np.array(labels)})
    assert data.class_names == ("a", "b", "c")
    assert data.train.Y.argmax(axis=0).tolist() == [1, 0, 2, 0]


def test_one_row_and_fortran_order(load):
    data = load({"X": np.asfortranarray(X), "Y": np.array([1.5, 2, 3, 4])})
    assert data.train.X.flags.c_contiguous
    assert data.task == Task.REGRESSION
    assert load({"X": X[0], "Y": Y}).train.X.shape == (1, 4)


@pytest.mark.parametrize(
    ("arrays", "options", "part"),
    [
        ({"X": X}, {}, "Y: has no array 'Y'; expected one of X"),
        ({"X": X, "labels": Y}, {"Y": "label"}, "did you mean 'labels'?"),
        ({"X": X, "Y": Y[:, :3]}, {}, "'X' has 4 examples, 'Y' has 3"),
        ({"X": X.T, "Y": Y}, {}, "set layout to 'rows'"),
        ({"X": X, "Y": Y}, {"layout": "rows"}, "set layout to 'columns'"),
        ({"X": X[:, :0], "Y": Y[:, :0]}, {}, "array 'X': is empty: shape (3, 0)"),
        ({"X": X[:, :1], "Y": Y[:, :1]}, {}, "has only one example"),
        ({"X": X.reshape(3, 2, 2), "Y": Y}, {}, "has 3 dimensions, shape (3, 2, 2)"),
        ({"X": np.array([["a"] * 4]), "Y": Y}, {}, "array 'X': holds text; expected numbers"),
        ({"X": X, "Y": np.array([["a"] * 4] * 2)}, {}, "holds several rows of text"),
        ({"X": X + 1j, "Y": Y}, {}, "array 'X': holds complex128; expected numbers"),
        ({"X": X, "Y": Y * 0}, {}, "holds a single class"),
        ({"X": X, "Y": Y + 0.5}, {"task": "classification"}, "example 1 has the label 0.5"),
    ],
)
def test_bad_arrays(load, arrays, options, part):
    with pytest.raises(DataError) as refusal:
        load(arrays, **options)
    assert part in str(refusal.value)
    assert "a.npz" in str(refusal.value)


def test_numbers_that_are_not_finite_are_named_by_row_and_column(load):
    broken, labels = X.copy(), np.array([0.5, np.inf, 1.0, 2.0])
    broken[2, 1] = np.nan
    with pytest.raises(DataError) as refusal:
        load({"X": broken, "Y": labels})
    assert "nan at feature 3, example 2 (index [2, 1])" in str(refusal.value)
    assert "inf at output 1, example 2" in str(refusal.value)
    with pytest.raises(DataError, match=r"feature 3, example 2 \(index \[1, 2\]\)"):
        load({"X": broken.T, "Y": Y[0]}, layout="rows")
    with pytest.raises(DataError, match="and 80 more entries"):
        load({"X": np.full((1, 100), np.nan), "Y": np.arange(100)})


def test_pickled_objects_are_not_run(tmp_path):
    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / "sprung"), "w"))

    np.savez(tmp_path / "a.npz", X=np.array([Trap(), 1], dtype=object), Y=Y)
    with pytest.raises(DataError, match="array 'X': holds Python objects"):
        load_file(tmp_path)
    (tmp_path / "a.npz").write_bytes(pickle.dumps(Trap()))
    with pytest.raises(DataError, match="is no NumPy archive"):
        load_file(tmp_path)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    ("content", "part"), [(b"", "is empty"), (b"a,b\n1,2\n", "is no NumPy archive")]
)
def test_no_archive(tmp_path, content, part):
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(DataError, match=part):
        load_file(tmp_path)


def _archive(path, entry, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("X.npy", entry)
        archive.writestr("Y.npy", entry)


def _header(shape, dtype="<f8"):
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        stream, {"descr": dtype, "fortran_order": False, "shape": shape}
    )
    return stream.getvalue()


def test_a_size_beyond_memory_is_refused_by_its_header(tmp_path):
    _archive(tmp_path / "a.npz", _header((10**7, 10**8)))
    with pytest.raises(SizeError, match=r"array 'X' of shape \(10000000, 100000000\) needs"):
        load_file(tmp_path)


@pytest.mark.parametrize(
    "entry",
    [
        b"",
        b"junk",
        _header((3, 4)),
        _header((3, 4))[:40],
        b"\x93NUMPY\x07\x00" + b"\0" * 100,
        b"\x93NUMPY\x01\x00\x10\x00" + b"{'descr': ((((  ",
    ],
)
def test_damaged_arrays(tmp_path, entry):
    _archive(tmp_path / "a.npz", entry)
    with pytest.raises(DataError, match="array 'X'"):
        load_file(tmp_path)


def test_every_cut_of_an_archive_is_refused_or_read(tmp_path):
    np.savez_compressed(tmp_path / "whole.npz", X=X, Y=Y)
    whole = (tmp_path / "whole.npz").read_bytes()
    for end in range(0, len(whole), 7):
        (tmp_path / "a.npz").write_bytes(whole[:end])
        with pytest.raises(DataError):
            load_file(tmp_path)


def test_every_changed_byte_is_refused_or_read(tmp_path):
    np.savez_compressed(tmp_path / "whole.npz", X=X, Y=Y)
    whole = (tmp_path / "whole.npz").read_bytes()
    refused = 0
    for place in range(0, len(whole), 3):
        (tmp_path / "a.npz").write_bytes(
            whole[:place] + bytes([whole[place] ^ 0x5A]) + whole[place + 1 :]
        )
        try:
            load_file(tmp_path)
        except (DataError, SizeError):
            refused += 1
    assert refused > 0
