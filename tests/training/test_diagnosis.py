import pytest

from nnsim.training.diagnosis import VERDICTS, diagnose


@pytest.mark.parametrize(
    ("train", "dev", "bayes", "verdict"),
    [
        # Course topic B2, in percent.
        (1, 11, 0, "variance"),
        (15, 16, 0, "bias"),
        (15, 30, 0, "both"),
        (0.5, 1, 0, "neither"),
        (15, 16, 15, "neither"),
    ],
)
def test_verdicts_of_the_course(train, dev, bayes, verdict):
    diagnosis = diagnose(train / 100, dev / 100, bayes / 100)
    assert diagnosis.verdict == verdict
    assert diagnosis.bias == pytest.approx((train - bayes) / 100)
    assert diagnosis.variance == pytest.approx((dev - train) / 100)


def test_thresholds_decide():
    assert diagnose(0.03, 0.05).verdict == "neither"
    assert diagnose(0.03, 0.05, bias_threshold=0.02).verdict == "bias"
    assert diagnose(0.03, 0.05, variance_threshold=0.01).verdict == "variance"
    assert diagnose(0.5, 0.5, bias_threshold=0.5).verdict == "neither"


def test_the_sentence_has_the_figures():
    sentence = diagnose(0.15, 0.3).sentence
    assert "15 %" in sentence
    assert "30 %" in sentence


def test_a_dev_error_below_the_train_error_is_no_variance():
    assert diagnose(0.01, 0.0).verdict == "neither"


@pytest.mark.parametrize("errors", [(1, 11), (float("nan"), 0.1), (0.1, -0.1), (0.1, 0.1, 2)])
def test_shares_are_shares(errors):
    with pytest.raises(ValueError, match="expected a share from 0 to 1"):
        diagnose(*errors)


def test_every_verdict_can_come():
    found = {diagnose(train, dev).verdict for train in (0.0, 0.3) for dev in (0.3, 0.6, 0.0)}
    assert found == set(VERDICTS)
