"""What to say about a gradient check as it stands. No Numba."""

from __future__ import annotations

from collections.abc import Iterator

from nnsim.simulations.gradient_check.snapshot import GradientCheckSnapshot
from nnsim.simulations.remark import Remark, counted, figure

KIND = "gradient check"
LARGE_EPSILON = 1e-5
"""With a larger one truncation and kinks look like a bug."""
SMALL_EPSILON = 1e-9
"""With a smaller one round-off does."""


def remarks_on(shown: GradientCheckSnapshot) -> tuple[Remark, ...]:
    """Return remarks on a moment of the check, the most important first."""
    found = sorted(_remarks(shown), key=lambda remark: -remark.weight)
    return tuple(found)


def _remarks(shown: GradientCheckSnapshot) -> Iterator[Remark]:
    if not shown.step:
        yield Remark(
            KIND,
            f"{counted(shown.parameters, 'parameter')} to check, one a step.",
            f"theta is all blocks in one vector, and J(theta) = {figure(shown.cost)}.",
            "Enter a step to see the two costs that make one difference.",
            "B13",
            10,
        )
        return
    how = f"ratio {figure(shown.ratio, 2)} over {counted(shown.step, 'parameter')}."
    if shown.dropout and shown.masks == "fresh":
        yield Remark(
            KIND,
            "Every cost draws its own dropout masks: the differences mean nothing.",
            f"J(theta + eps) and J(theta - eps) are two functions; {how}",
            "Keep the masks of the step for the whole check (masks = frozen), or check with "
            "keep_prob = 1.",
            "B13",
            95,
        )
    elif shown.suspect != "none":
        yield _on_suspect(shown, how)
    elif shown.verdict == "wrong":
        yield Remark(
            KIND,
            "What is wrong is wrong at kinks only.",
            f"Without the parameters whose step crosses a kink no block is wrong; {how}",
            "A smaller epsilon crosses fewer kinks.",
            "B13",
            60,
        )
    if shown.verdict in ("great", "look", "round-off"):
        yield _on_verdict(shown, how)
    if shown.known >= 3 and shown.kinks:
        yield Remark(
            KIND,
            f"At {shown.name} the two costs lie on both sides of a kink.",
            f"{counted(shown.kinks, 'input')} of a ReLU (or margin of a hinge loss) changed sides.",
            "There J has no derivative to compare with: its difference says little.",
            "B13",
            30,
        )


def _on_suspect(shown: GradientCheckSnapshot, how: str) -> Remark:
    block = next(each for each in shown.blocks if each.name == shown.suspect)
    wrong = [each.name for each in shown.blocks if each.verdict == "wrong"]
    others = [name for name in wrong if name != block.name]
    rest = f" Also wrong: {', '.join(others)}." if others else ""
    finished = shown.step == shown.parameters
    end = "" if finished else " so far"
    if shown.epsilon > LARGE_EPSILON:
        advice = "But epsilon is large: J may bend between the two points. Check with 1e-7 first."
    elif finished:
        advice = (
            "The way back runs from the last layer to the first: look in this layer first, at what "
            "its wrong blocks have in common."
        )
    else:
        advice = "The other blocks will tell: a bug in dZ is handed on to every layer before it."
    return Remark(
        KIND,
        f"{block.name} is wrong{end}.{rest}",
        f"{block.name}: ratio {figure(block.ratio, 2)}, wrong from 1e-3 on; the whole: {how}",
        advice,
        "B14",
        90,
        block.layer,
    )


def _on_verdict(shown: GradientCheckSnapshot, how: str) -> Remark:
    finished = shown.step == shown.parameters
    sentences = {
        "great": "Back-propagation agrees with the differences.",
        "look": "A ratio between 1e-7 and 1e-3: worth a look.",
        "round-off": "The gradient is so small that round-off explains the ratio.",
    }
    so_far = f"So far: {sentences[shown.verdict][0].lower()}{sentences[shown.verdict][1:]}"
    if shown.verdict == "great":
        advice = (
            "Check again after some training: some mistakes do not show while W and b are near 0."
        )
    elif shown.epsilon > LARGE_EPSILON:
        advice = "epsilon is large: truncation alone can do that. Try 1e-7."
    elif shown.epsilon < SMALL_EPSILON:
        advice = "epsilon is small: round-off alone can do that. Try 1e-7."
    elif shown.verdict == "round-off":
        advice = "A larger epsilon resolves smaller gradients."
    else:
        advice = "Look at the worst entries: are they all of one block, or at kinks?"
    return Remark(
        KIND,
        sentences[shown.verdict] if finished else so_far,
        how[0].upper() + how[1:],
        advice,
        "B13",
        50 if finished else 20,
    )
