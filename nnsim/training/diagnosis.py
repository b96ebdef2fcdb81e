"""Bias or variance: what the errors of a run say, and what the course advises (topics B2, B3)."""

from __future__ import annotations

from dataclasses import dataclass

VERDICTS = ("bias", "variance", "both", "neither")

_SENTENCES = {
    "bias": "High bias: the train error {train} is far above the Bayes error {bayes}. "
    "A bigger network, longer training or another architecture can lower it.",
    "variance": "High variance: the dev error {dev} is far above the train error {train}. "
    "More data, regularisation or another architecture can lower it.",
    "both": "High bias and high variance: the train error {train} is far above the Bayes error "
    "{bayes}, and the dev error {dev} far above that. Lower the bias first: a bigger network or "
    "longer training; then the variance: more data or regularisation.",
    "neither": "Low bias and low variance: the train error {train} is near the Bayes error "
    "{bayes}, and the dev error {dev} is near the train error.",
}


@dataclass(frozen=True)
class Diagnosis:
    """The verdict, and the two differences that it rests on (shares, not percent)."""

    verdict: str
    """bias, variance, both or neither."""
    bias: float
    """Train error minus Bayes error: the avoidable bias."""
    variance: float
    """Dev error minus train error."""
    sentence: str
    """The verdict with its figures, and the course's remedies."""


def diagnose(
    train_error: float,
    dev_error: float,
    bayes_error: float = 0.0,
    bias_threshold: float = 0.05,
    variance_threshold: float = 0.05,
) -> Diagnosis:
    """Tell bias from variance: train - Bayes > threshold is bias, dev - train > threshold variance.

    Parameters
    ----------
    train_error, dev_error, bayes_error : float
        Shares of wrong answers, 0 to 1: 0.11 is 11 %.
    bias_threshold, variance_threshold : float
        Differences above these are high.

    Raises
    ------
    ValueError
        A share outside 0 to 1, or NaN.

    Notes
    -----
    Course topic B2: errors train/dev of 1/11 % are variance, 15/16 bias, 15/30 both, 0.5/1
    neither, all against a Bayes error near 0; against one of 15 %, 15/16 is neither. The course
    judges by eye; the thresholds of 5 percentage points are ours and can be set.

    >>> errors = (0.01, 0.11), (0.15, 0.16), (0.15, 0.30), (0.005, 0.01)
    >>> [diagnose(train, dev).verdict for train, dev in errors]
    ['variance', 'bias', 'both', 'neither']
    >>> diagnose(0.15, 0.16, bayes_error=0.15).verdict
    'neither'
    """
    shares = {"train_error": train_error, "dev_error": dev_error, "bayes_error": bayes_error}
    for name, value in shares.items():
        if not 0 <= value <= 1:
            raise ValueError(
                f"diagnose: {name} is {value}; expected a share from 0 to 1 (11 % is 0.11)"
            )
    bias, variance = train_error - bayes_error, dev_error - train_error
    high_bias, high_variance = bias > bias_threshold, variance > variance_threshold
    if high_bias and high_variance:
        verdict = "both"
    elif high_bias:
        verdict = "bias"
    elif high_variance:
        verdict = "variance"
    else:
        verdict = "neither"
    sentence = _SENTENCES[verdict].format(
        train=_percent(train_error), dev=_percent(dev_error), bayes=_percent(bayes_error)
    )
    return Diagnosis(verdict, bias, variance, sentence)


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"
