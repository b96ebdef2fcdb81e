import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.tui.formulas.terms import Sum, fitted, plain, products, spelled, squares

finite = st.floats(-1e6, 1e6)


def test_the_largest_terms_come_first_whatever_their_sign():
    terms = plain(np.array([0.1, -3.0, 0.0, 2.0, -0.2]))
    assert terms.write(5) == "-3 + 2 - 0.2 + 0.1 + 0"
    assert terms.write(2) == "-3 + 2 + ... 3 more"
    assert terms.write(1) == "-3 + ... 4 more"


def test_equal_terms_keep_their_order():
    terms = Sum(np.ones(3), lambda term: "abc"[term])
    assert terms.write(3) == "a + b + c"


def test_nan_counts_as_the_largest_term():
    assert plain(np.array([5.0, np.nan, -np.inf])).write(2) == "nan - inf + ... 1 more"


def test_products_and_squares_are_written_without_their_factors_signs():
    assert products(np.array([-0.5, 2.0]), np.array([0.25, -3.0])).write(2) == "-2 × 3 - 0.5 × 0.25"
    assert squares(np.array([-0.5, 2.0])).write(2) == "2^2 + 0.5^2"


@pytest.mark.parametrize(
    ("brackets", "count", "text"),
    [
        ("none", 2, "2 + 1"),
        ("none", 1, "2 + ... 1 more"),
        ("folded", 2, "2 + 1"),
        ("folded", 1, "(2 + ... 1 more)"),
        ("always", 2, "(2 + 1)"),
        ("always", 1, "(2 + ... 1 more)"),
    ],
)
def test_brackets(brackets, count, text):
    assert Sum(np.array([1.0, 2.0]), "12".__getitem__, brackets).write(count) == text


def test_one_term_needs_no_brackets():
    assert Sum(np.array([1.0]), "1".__getitem__, "always").write(1) == "1"


@given(st.lists(finite, min_size=1, max_size=60), st.integers(1, 60))
def test_what_is_shown_and_what_is_folded_add_up_to_all(values, count):
    terms = plain(np.array(values))
    text = terms.write(count)
    shown = text.split(" + ... ")[0].replace("- ", "+ ").split(" + ")
    folded = int(text.split(" + ... ")[1].split()[0]) if "..." in text else 0
    assert len(shown) == min(count, len(values))
    assert len(shown) + folded == len(values)
    sizes = [abs(float(part)) for part in shown]
    assert sizes == sorted(sizes, reverse=True)


@given(
    st.lists(finite, min_size=1, max_size=40), st.integers(0, 130), st.none() | st.integers(1, 9)
)
def test_a_line_is_never_longer_than_its_width(values, width, cap):
    lines = ((" = 1/64 (", plain(np.array(values)), ")"), (" = short",))
    text = fitted("dW2[1,3]", lines, " = 0.5", "0.5", width=width, terms=cap)
    assert len(text) <= width
    assert cap is None or text.count(" + ") + text.count(" - ") <= cap


@pytest.mark.parametrize(
    ("width", "text"),
    [
        (47, "x = 2 (1 - 0.5 + 0.25 - 0.125 + ... 6 more) = 9"),
        (46, "x = 2 (1 - 0.5 + 0.25 + ... 7 more) = 9"),
        (39, "x = 2 (1 - 0.5 + 0.25 + ... 7 more) = 9"),
        (38, "x = 2 (1 - 0.5 + ... 8 more) = 9"),
        (32, "x = 2 (1 - 0.5 + ... 8 more) = 9"),
        (31, "x = 2 (1 + ... 9 more) = 9"),
        (26, "x = 2 (1 + ... 9 more) = 9"),
        (25, "x = 2 (0.625) = 9"),
        (17, "x = 2 (0.625) = 9"),
        (16, "x = 9"),
        (4, "9"),
        (0, ""),
    ],
)
def test_as_many_terms_are_shown_as_fit(width, text):
    terms = plain(np.array([0, 0.25, -0.125, 1, -0.5, 0, 0, 0, 0, 0]))
    assert fitted("x", ((" = 2 (", terms, ")"),), " = 9", "9", width=width) == text


def test_a_shorter_line_is_taken_before_one_term_alone():
    lines = ((" = 2 (", plain(np.array([4.0, 3.0, 2.0])), ")"), (" = about 18",))
    texts = [fitted("x", lines, " = 18", "18", width=width) for width in (30, 19, 16)]
    assert texts == ["x = 2 (4 + 3 + 2) = 18", "x = about 18 = 18", "x = 2 (9) = 18"]


def test_a_cap_on_the_terms_is_kept_where_more_would_fit():
    line = (" = ", plain(np.array([4.0, 3.0, 2.0])))
    assert fitted("x", (line,), "", "", width=90, terms=2) == "x = 4 + 3 + ... 1 more"
    assert fitted("x", (line,), "", "", width=90, terms=0) == "x = 4 + ... 2 more"


def test_ascii_spells_the_signs_out():
    assert spelled("1/m Σ Z × 2", True) == "1/m sum Z x 2"
    assert spelled("1/m Σ Z × 2", False) == "1/m Σ Z × 2"
