"""Many scenarios run: one after another, or in processes of their own."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing.synchronize import Event
from typing import TYPE_CHECKING, Any

from nnsim.errors import ExitCode, NnsimError
from nnsim.report.interruption import Interruption
from nnsim.report.outcomes import Outcome
from nnsim.report.progress import Progress

if TYPE_CHECKING:
    from nnsim.scenario import Scenario

OnProgress = Callable[[str, int, int], None]
_POLL_SECONDS = 0.1


@dataclass(frozen=True)
class RunSettings:
    """What the command line says about every scenario of a run."""

    variants: tuple[str, ...] = ()
    seed: int | None = None
    steps: int | None = None
    overrides: dict[str, Any] = field(default_factory=dict)


def run_all(
    scenarios: Sequence[Scenario],
    settings: RunSettings,
    *,
    jobs: int,
    progress: Progress,
    interruption: Interruption,
) -> Iterator[Outcome]:
    """Yield the outcome of each scenario, in the order given; stop early when interrupted.

    An outcome does not depend on `jobs`.
    """
    if jobs > 1 and len(scenarios) > 1:
        yield from _run_in_processes(scenarios, settings, jobs, progress, interruption)
        return
    for done, scenario in enumerate(scenarios):
        if interruption.asked:
            return
        progress.start(done, scenario.name)

        def on_progress(variant: str, step: int, steps: int) -> None:
            interruption.raise_if_asked()
            progress.step(variant, step, steps)

        yield run_one(scenario, settings, on_progress)


def run_one(scenario: Scenario, settings: RunSettings, on_progress: OnProgress) -> Outcome:
    """Run one scenario; expected errors and interruptions become part of the outcome."""
    begin = time.perf_counter()
    result, error, code = None, "", ExitCode.OK
    try:
        result = scenario.run(
            variants=settings.variants or None,
            seed=settings.seed,
            steps=settings.steps,
            set=settings.overrides,
            on_progress=on_progress,
        )
    except NnsimError as problem:
        error, code = str(problem), problem.exit_code
    except KeyboardInterrupt:
        error, code = "interrupted before anything was recorded", ExitCode.INTERRUPTED
    seconds = time.perf_counter() - begin
    return Outcome(
        scenario.name,
        str(scenario.path or ""),
        result,
        error,
        code,
        seconds,
        scenario.title,
        scenario.kind,
        scenario.topics,
    )


def _run_in_processes(
    scenarios: Sequence[Scenario],
    settings: RunSettings,
    jobs: int,
    progress: Progress,
    interruption: Interruption,
) -> Iterator[Outcome]:
    # Spawned, not forked: Numba and BLAS hold threads, which a fork would lose.
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    pool = ProcessPoolExecutor(
        min(jobs, len(scenarios)), context, initializer=_begin_worker, initargs=(stop,)
    )
    try:
        futures = [pool.submit(_work, str(scenario.path), settings) for scenario in scenarios]
        for scenario, future in zip(scenarios, futures, strict=True):
            while not future.done():
                done = sum(each.done() for each in futures)
                progress.start(done, scenario.name)
                wait([future], timeout=_POLL_SECONDS)
                if interruption.asked and not stop.is_set():
                    stop.set()
                    for each in futures:
                        each.cancel()
            if not future.cancelled():
                yield _outcome_of(future, scenario)
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _outcome_of(future: Future[Outcome], scenario: Scenario) -> Outcome:
    try:
        return future.result()
    except BrokenProcessPool:
        error = "its process died, perhaps for want of memory; try --jobs 1"
        return Outcome(scenario.name, str(scenario.path or ""), None, error, ExitCode.BAD_INPUT)


_stop: Event | None = None
"""In a worker process: set when the run was interrupted."""


def _begin_worker(stop: Event) -> None:
    global _stop
    _stop = stop
    # The terminal sends Ctrl-C to every process; the parent alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _work(path: str, settings: RunSettings) -> Outcome:
    from nnsim.scenario import load

    def on_progress(variant: str, step: int, steps: int) -> None:
        if _stop is not None and _stop.is_set():
            raise KeyboardInterrupt

    return run_one(load(path), settings, on_progress)
