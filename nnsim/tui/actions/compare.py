"""Actions of the screen that compares runs."""

from __future__ import annotations

from nnsim.tui.actions.action import Action
from nnsim.tui.actions.lab import TRAINING

ACTIONS: tuple[Action, ...] = (
    # Comparing runs.
    Action(
        "compare.play",
        "space",
        "Play / pause",
        "Let all runs go on, or stand still.",
        "Time",
        True,
        "play",
    ),
    Action(
        "compare.next_step",
        "N,right",
        "Next step",
        "Do the next step of all runs.",
        "Time",
        True,
        "step",
    ),
    Action(
        "compare.previous_step", "P,left", "Step before", "Go back by a step.", "Time", True, "back"
    ),
    Action(
        "compare.next_epoch",
        "e",
        "Next epoch",
        "Go to where the next one begins.",
        "Time",
        kinds=TRAINING,
    ),
    Action(
        "compare.previous_epoch",
        "E",
        "Epoch before",
        "Go back to where it began.",
        "Time",
        kinds=TRAINING,
    ),
    Action("compare.first", "home", "First step", "Go to before any step.", "Time"),
    Action("compare.last", "end", "Last step", "Go to the last step computed so far.", "Time"),
    Action("compare.faster", "right_square_bracket", "Faster", "Play more steps a second.", "Time"),
    Action("compare.slower", "left_square_bracket", "Slower", "Play fewer.", "Time"),
    Action(
        "compare.go_to",
        "t",
        "Go to",
        "Go to a step, or run until a condition holds, such as cost < 0.1.",
        "Time",
    ),
    Action(
        "compare.curve",
        "o",
        "Other curve",
        "Cost of the batch, train cost, accuracy, gradient norm of layer 1; or the runs' figures.",
        "Look",
        True,
        "curve",
    ),
    Action("compare.log", "k", "Axis of the curve", "Logarithmic or linear.", "Look"),
    Action(
        "compare.recent",
        "a",
        "Axis of steps",
        "All steps, recent steps, or epochs (of a training), in turn.",
        "Look",
    ),
    Action(
        "compare.picture",
        "m",
        "Other picture",
        "Decision boundary, gradient norm by layer, histogram of the weights, in turn.",
        "Look",
        True,
        "picture",
        kinds=TRAINING,
    ),
    Action("compare.columns_right", "full_stop", "Runs at the right", "Scroll by a run.", "Look"),
    Action("compare.columns_left", "comma", "Runs at the left", "Scroll back by a run.", "Look"),
    Action("compare.run", "r", "Next run", "Choose the next run as the present one.", "Look"),
    Action(
        "compare.back",
        "c,escape,q",
        "Back to the lab",
        "Look at one run again.",
        "Other",
        True,
        "back to the lab",
    ),
)
