"""A scenario run headlessly: every variant to its end, every expectation judged."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from nnsim.scenario.expectations import BASE, Expectation, Side
from nnsim.scenario.results import ExpectationResult, ScenarioResult, VariantResult
from nnsim.scenario.series import NotMeasured

if TYPE_CHECKING:
    from nnsim.scenario.runs import RunSpecification, Taker
    from nnsim.scenario.scenario import OnProgress, Scenario

Value = float | str


class _Missing:
    """A measure that has no value, and whether that is the run's fault."""

    def __init__(self, reason: str, blame: bool):
        self.reason, self.blame = reason, blame


Taken = dict[Side, "Value | _Missing"]


def run_scenario(
    scenario: Scenario,
    specifications: dict[str, RunSpecification],
    changed: bool,
    on_progress: OnProgress | None,
) -> ScenarioResult:
    """Run variants one after the other; see `Scenario.run`.

    Parameters
    ----------
    scenario : Scenario
    specifications : dict
        The variants to run.
    changed : bool
        Whether settings from outside changed them: an expectation at a step that the run no
        longer reaches is then not judged instead of missed.
    on_progress : callable or None
    """
    begin = time.perf_counter()
    results: dict[str, VariantResult] = {}
    taken: Taken = {}
    interrupted = False
    for variant in scenario.variants:
        specification = specifications.get(variant.name)
        if specification is None:
            continue
        wanted = {
            side
            for expectation in scenario.expectations
            for side in expectation.sides
            if side.variant == variant.name
        }
        run = _Run(scenario, variant, specification, changed)
        try:
            run.go(on_progress)
            results[variant.name] = run.result()
            taken |= run.measures(wanted)
        except KeyboardInterrupt:
            interrupted = True
            if run.simulation is not None and variant.name not in results:
                results[variant.name] = run.result()
            break
    expectations = [_judged(each, taken, interrupted) for each in scenario.expectations]
    for name, result in results.items():
        if result.non_finite_expected and not interrupted:
            expectations.append(_non_finite_judged(name, result, changed))
    first = next(iter(specifications.values()))
    return ScenarioResult(
        name=scenario.name,
        title=scenario.title,
        topics=scenario.topics,
        path=str(scenario.path or ""),
        seed=first.seed,
        dtype=first.dtype,
        variants=results,
        expectations=tuple(expectations),
        interrupted=interrupted,
        seconds=time.perf_counter() - begin,
        kind=scenario.kind,
    )


class _Run:
    """One variant from its beginning to its measures."""

    def __init__(self, scenario: Scenario, variant: Any, specification: Any, changed: bool):
        self.scenario, self.variant, self.specification = scenario, variant, specification
        self.changed = changed
        self.simulation: Any = None
        self.begin = time.perf_counter()

    def go(self, on_progress: OnProgress | None) -> None:
        """Build the simulation and run it to its end."""
        self.simulation = self.scenario._simulation(self.variant, self.specification)
        if on_progress is None:
            self.simulation.run()
        else:
            name = self.variant.name
            self.simulation.run(lambda step, steps: on_progress(name, step, steps))

    def result(self) -> VariantResult:
        """Return how the run stands now."""
        simulation, specification = self.simulation, self.specification
        evaluations = simulation.evaluate()
        return VariantResult(
            name=self.variant.name,
            summary=self.variant.summary,
            seed=specification.seed,
            dtype=specification.dtype,
            status=simulation.status,
            step=simulation.position.step,
            steps=simulation.steps,
            best_step=simulation.best_step,
            non_finite=simulation.non_finite,
            non_finite_expected=specification.non_finite == "expected",
            final=simulation.snapshot(),
            evaluations=evaluations,
            figures=simulation.figures() if self.scenario.kind != "training" else {},
            history=simulation.history,
            diagnosis=specification.judge(evaluations),
            seconds=time.perf_counter() - self.begin,
        )

    def measures(self, sides: set[Side]) -> Taken:
        """Take all measures of the finished run: those at its end, then those before it."""
        simulation = self.simulation
        end, stopped = simulation.position.step, simulation.status
        steps_an_epoch = self.specification.steps_an_epoch_in(simulation)
        times: dict[int | None, list[Side]] = {}
        for side in sides:
            times.setdefault(side.at.step_of(steps_an_epoch), []).append(side)
        taken: Taken = {}
        for step in sorted(times, key=lambda step: -1 if step is None else step):
            if step is not None and step > end:
                reason = f"the run ended at step {end} ({stopped})"
                missing = _Missing(reason, blame=not self.changed or stopped != "finished")
                taken |= dict.fromkeys(times[step], missing)
                continue
            here = simulation.position.step
            if step is not None and not (step == here == end and stopped == "finished"):
                simulation.seek(step)
            moment = self.specification.moment(simulation)
            for side in times[step]:
                taken[side] = self._take(moment, side)
        return taken

    def _take(self, moment: Taker, side: Side) -> Value | _Missing:
        try:
            return moment.value(*side.measure(self.specification))
        except (NotMeasured, ValueError) as error:
            return _Missing(str(error), blame=True)


def _judged(expectation: Expectation, taken: Taken, interrupted: bool) -> ExpectationResult:
    """Compare what was taken."""
    values = [taken.get(side) for side in expectation.sides]
    measured = None if isinstance(values[0], _Missing) else values[0]
    expected, kept, reason = None, None, ""
    missing = [each for each in values if isinstance(each, _Missing)]
    if missing:
        reason = missing[0].reason
        kept = False if missing[0].blame else None
    elif None in values:
        reason = "the run was interrupted" if interrupted else "its variant was not run"
    else:
        right = values[1] if len(values) > 1 else None
        expected = expectation.expected(right)  # type: ignore[arg-type]
        kept = expectation.holds(measured, expected)  # type: ignore[arg-type]
    return ExpectationResult(
        variant=expectation.left.variant,
        metric=expectation.left.metric,
        at=str(expectation.left.at),
        comparison=expectation.comparison,
        expected=expected,
        measured=measured,
        kept=kept,
        text=expectation.text,
        because=expectation.because,
        reason=reason,
        line=expectation.line,
    )


def _non_finite_judged(name: str, result: VariantResult, changed: bool) -> ExpectationResult:
    """Judge `non_finite = "expected"`, which is an expectation like any other."""
    happened = result.non_finite is not None
    text = "status at end == 'non-finite'"
    return ExpectationResult(
        variant=name,
        metric="status",
        at="end",
        comparison="==",
        expected="non-finite",
        measured=result.status,
        kept=True if happened else None if changed else False,
        text=text if name == BASE else f"{name}: {text}",
        because='The scenario says non_finite = "expected".',
    )
