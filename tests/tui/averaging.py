"""A tiny scenario of a kind with small states, for the tests of what all of them share."""

SCENARIO = """\
kind = "averages"
[scenario]
title = "Ten numbers"
topic = "C2"
look_for = ["How late the slow one is."]
[averages]
values = [1, 3, 2, 5, 4, 6, 8, 7, 9, 10]
[[averages.curves]]
name = "quick"
beta = 0.5
[[averages.curves]]
name = "slow"
beta = 0.9
[[variant]]
name = "as they are"
[[variant]]
name = "corrected"
[[variant.averages.curves]]
name = "quick"
beta = 0.8
corrected = true
[[variant.averages.curves]]
name = "slow"
beta = 0.9
corrected = true
[[lesson]]
step = 4
text = "Look at slow."
[lesson.predict]
question = "Which one is nearer to the last number?"
choices = ["quick", "slow"]
answer = "quick"
reveal = "It forgets faster."
[lesson.try]
text = "Make quick slower."
at = 4
set = { beta = 0.9 }
"""
STEPS = 10
PHASES = ("value", "average", "correct")
VALUES = (1, 3, 2, 5, 4, 6, 8, 7, 9, 10)


def averages(beta, corrected=False):
    """Return what a curve shows after each step, computed plainly."""
    v, shown = 0.0, []
    for t, value in enumerate(VALUES, start=1):
        v = beta * v + (1 - beta) * value
        shown.append(v / (1 - beta**t) if corrected else v)
    return shown
