"""Frames of simulations whose states are small, made from the simulations themselves."""

from nnsim.tui.worker.frames import Frame, SteppedFrame
from tests.tui import made

LOOKS = {
    "dark": {},
    "ascii": {"ascii": True},
    "no colours": {"color": False},
    "light": {"theme": "nnsim-light"},
}


def run(simulation, number=0, name="run"):
    """Return a run as it stands; a step that is under way is not in its curves."""
    position = simulation.position
    curve = {key: each[: position.step + 1] for key, each in simulation.history.curve.items()}
    return SteppedFrame(
        number=number,
        name=name,
        variant=name,
        steps=simulation.steps,
        step=position.step,
        phase=position.phase,
        phases=simulation.phases,
        reached=position.step,
        status=simulation.status,
        seed=1,
        remarks=simulation.remarks(),
        shown=simulation.snapshot(),
        figures=simulation.figures(),
        curve=curve,
    )


def frame(*simulations, kind="averages"):
    """Return a frame of simulations of one kind; the first one is looked at."""
    runs = tuple(run(each, number, f"run {number}") for number, each in enumerate(simulations))
    return Frame(serial=1, card=made.card(kind=kind, name=kind), runs=runs, current=0)


def moments(simulation):
    """Yield the simulation at its beginning, in every phase of its first steps, and at its end."""
    yield simulation
    for _ in range(min(2, simulation.steps) * len(simulation.phases)):
        simulation.next_phase()
        yield simulation
    simulation.run()
    yield simulation
