"""What a run prints."""

import re
from dataclasses import replace

from nnsim.errors import ExitCode
from nnsim.report.outcomes import Outcome
from nnsim.report.result_text import outcome_lines, summary_line
from nnsim.report.style import Style
from tests.report.made_up import (
    DIVERGED,
    STEPPED,
    evaluation,
    expectation,
    outcome,
    result,
    variant,
)

PLAIN = Style()


def printed(made, style=PLAIN):
    return "\n".join(outcome_lines(made, style))


def test_figures_of_all_variants_line_up():
    both = {"train": evaluation(), "dev": evaluation(cost=12.5, accuracy=1.0)}
    text = printed(outcome(result(variant(), variant("relu", step=2000, evaluations=both))))
    assert text.splitlines() == [
        "Vanishing gradients  B10 vanishing-gradients",
        "",
        "           steps  train cost  accuracy  dev cost  accuracy",
        "  sigmoid      2        0.25    93.8 %         -         -",
        "  relu      2000        0.25    93.8 %      12.5   100.0 %",
    ]


def test_regression_has_no_column_for_accuracy():
    none = {"train": evaluation(accuracy=float("nan"))}
    assert "accuracy" not in printed(outcome(result(variant(evaluations=none))))


def test_stepped_kinds_have_their_main_figures_as_columns():
    text = printed(outcome(result(STEPPED))).splitlines()
    assert text[2].split() == ["steps", "J", "w", "late", "verdict"]
    assert text[3].split() == ["adam", "2", "0.5", "4.75", "-", "variance"]
    beside = {f"{path}.{name}": 1.0 for path in ("sgd", "adam") for name in ("J", "w")}
    text = printed(outcome(result(replace(STEPPED, figures=beside)))).splitlines()
    assert text[2].split() == ["steps", "sgd.J", "adam.J", "sgd.w", "adam.w"]
    many = replace(STEPPED, figures={f"figure{i}": float(i) for i in range(20)})
    text = printed(outcome(result(many))).splitlines()
    assert text[2].split() == ["steps", *(f"figure{i}" for i in range(6))]


def test_each_expectation_has_its_word_its_figure_and_its_reason():
    text = printed(
        outcome(
            result(
                expectations=[
                    expectation(),
                    expectation(kept=False, measured=0.5),
                    expectation(kept=None, measured=None, reason="its variant was not run"),
                ]
            )
        )
    )
    assert "  kept    sigmoid: train.cost at end < 0.3 (measured 0.25)\n" in text
    assert "  MISSED  sigmoid: train.cost at end < 0.3 (measured 0.5)\n" in text
    assert "  -       sigmoid: train.cost at end < 0.3 (not measured: its variant" in text
    assert text.count("          it learns") == 3


def test_between_two_measures_both_figures_are_printed():
    text = "relu: train.cost at end < 0.1 x that of sigmoid"
    made = expectation(text=text, measured=0.02, expected=0.025)
    assert "of sigmoid (0.02 < 0.025)" in printed(outcome(result(expectations=[made])))
    made = replace(made, measured=0.5, kept=False)
    assert "of sigmoid (0.5, not < 0.025)" in printed(outcome(result(expectations=[made])))


def test_equal_is_printed_with_enough_figures_to_see_why_not():
    text = "A20[0,0] at start ~= 4433.67564 (+- 1e-05)"
    made = expectation(False, text=text, comparison="~=", measured=4433.67567, expected=4433.67564)
    assert "(measured 4433.67567)" in printed(outcome(result(expectations=[made])))


def test_where_numbers_became_non_finite_is_said_with_what_to_do():
    text = " ".join(printed(outcome(result(DIVERGED))).split())
    assert "non-finite at step 12, forward 3" in text
    assert 'non_finite = "expected"' in text
    meant = replace(DIVERGED, non_finite_expected=True)
    assert "lower the learning rate" not in printed(outcome(result(meant)))


def test_early_stopping_and_interruption_are_said():
    stopped = variant(status="stopped early", best_step=340)
    assert "stopped early, parameters of step 340" in printed(outcome(result(stopped)))
    partial = variant(status="ready", step=7, steps=900)
    text = printed(outcome(result(partial, interrupted=True)))
    assert "of 900" in text and "interrupted" in text


def test_an_error_is_printed_in_the_place_of_figures():
    made = Outcome("mine", "mine.toml", None, "mine.csv: row 3\nrow 4", ExitCode.BAD_INPUT)
    assert printed(made).splitlines() == ["mine", "  error  mine.csv: row 3", "  error  row 4"]


def test_text_from_a_file_cannot_steer_the_terminal():
    made = outcome(
        result(
            variant("\x1b[2Jgone"),
            title="\x1b]0;title\x07",
            expectations=[expectation(text="\x1b[31m", because="\x9b2J")],
        )
    )
    text = printed(made)
    assert "\x1b" not in text and "\x9b" not in text and "\x07" not in text


def test_colour_changes_nothing_but_colour():
    made = outcome(result(DIVERGED, expectations=[expectation(), expectation(kept=False)]))
    coloured = printed(made, Style(colour=True))
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == printed(made)


def test_summary_counts_everything():
    outcomes = [
        outcome(result(expectations=[expectation(), expectation(kept=False)])),
        outcome(result(DIVERGED, expectations=[expectation(kept=None)])),
        Outcome("mine", "", None, "bad", ExitCode.BAD_INPUT),
    ]
    assert summary_line(outcomes, PLAIN) == (
        "3 scenarios, 3 expectations: 1 kept, 1 missed, 1 not measured; "
        "1 could not run; 1 with unexpected NaN or infinity"
    )
    assert summary_line([outcome()], PLAIN) == "1 scenario, 0 expectations: 0 kept"
