"""Actions of the lesson."""

from __future__ import annotations

from nnsim.tui.actions.action import Action

ACTIONS: tuple[Action, ...] = (
    # The lesson, while it has the keyboard; digits choose an answer or type a number.
    Action(
        "lesson.enter",
        "enter",
        "Keep the guess",
        "Keep the number that was typed; with a guess made, see the answer.",
        "Lesson",
    ),
    Action(
        "lesson.steps",
        "s",
        "Show the steps",
        "Go to the steps that show it; the lesson stays where it is.",
        "Lesson",
        True,
    ),
    Action(
        "lesson.reveal",
        "r",
        "See the answer",
        "Show the answer and why, beside my guess.",
        "Lesson",
        True,
        "see the answer",
    ),
    Action(
        "lesson.give_up",
        "g",
        "Give up",
        "Show the answer and why, without a guess.",
        "Lesson",
        True,
        "give up, see the answer",
    ),
    Action(
        "lesson.fork",
        "f",
        "Try it",
        "Fork the run with the settings that the lesson offers.",
        "Lesson",
        True,
        "try it: a fork",
    ),
    Action("lesson.next", "right,full_stop", "Next stop", "Go on in the lesson.", "Lesson", True),
    Action("lesson.before", "left,comma", "Stop before", "Go back in the lesson.", "Lesson"),
    Action(
        "lesson.read_all",
        "a",
        "Read it all",
        "Show the whole lesson with its answers, or a stop again.",
        "Lesson",
        True,
        "read all",
    ),
    Action("lesson.down", "down,pagedown", "One line down", "Scroll the lesson.", "Lesson"),
    Action("lesson.up", "up,pageup", "One line up", "Scroll the lesson back.", "Lesson"),
    Action(
        "lesson.leave",
        "escape,l,q",
        "Leave the lesson",
        "Give the keyboard back to the lab; guesses are kept.",
        "Lesson",
        True,
        "leave",
    ),
)
