"""The results of a run as one JSON document.

Keys (version 1)::

    version        1
    nnsim          version of nnsim
    exit_code      of the run
    scenarios      list, in the order of the command line:
      name, title, kind, topics, path, seed, dtype
      status       "ok", "missed", "non-finite", "interrupted" or "error"
      error        text, or null
      variants     list: name, seed, dtype, status, step, steps (planned), best_step,
                   non_finite (null, or step and phase), diagnosis (null, or a word),
                   sets: train, dev, test (absent when empty): examples, cost, data_loss,
                   accuracy (null for regression), error;
                   figures: of other kinds than training, every figure at the end
      expectations list: kept (true, false, null: not measured), variant, metric, at,
                   comparison, expected, measured, text, because, reason (why it was not
                   measured, or null), line

Numbers are written in full; what is not finite is null, for JSON has no NaN. Keys may be added;
none is renamed or removed before the version changes. Series over steps are in the CSV.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import nnsim
from nnsim.errors import ExitCode
from nnsim.report.figures import number
from nnsim.report.outcomes import Outcome, exit_code_of

if TYPE_CHECKING:
    from nnsim.scenario import ExpectationResult, VariantResult

VERSION = 1
_STATUS = {
    ExitCode.OK: "ok",
    ExitCode.EXPECTATION_MISSED: "missed",
    ExitCode.NON_FINITE: "non-finite",
    ExitCode.INTERRUPTED: "interrupted",
}


def run_json(outcomes: Sequence[Outcome]) -> str:
    """Return the document, with a line end."""
    return dumped(
        {
            "version": VERSION,
            "nnsim": nnsim.__version__,
            "exit_code": int(exit_code_of(outcomes)),
            "scenarios": [_scenario(outcome) for outcome in outcomes],
        }
    )


def dumped(document: dict[str, Any]) -> str:
    """Return JSON text that any parser reads: no NaN literals, plain UTF-8, a line end."""
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _scenario(outcome: Outcome) -> dict[str, Any]:
    result = outcome.result
    return {
        "name": outcome.name,
        "title": result.title if result else outcome.title or None,
        "kind": result.kind if result else outcome.kind or None,
        "topics": list(result.topics if result else outcome.topics),
        "path": outcome.path,
        "seed": result.seed if result else None,
        "dtype": result.dtype if result else None,
        "status": _STATUS.get(outcome.exit_code, "error"),
        "error": outcome.error or None,
        "variants": [_variant(each) for each in result.variants.values()] if result else [],
        "expectations": [_expectation(each) for each in result.expectations] if result else [],
    }


def _variant(variant: VariantResult) -> dict[str, Any]:
    where = variant.non_finite
    return {
        "name": variant.name,
        "seed": variant.seed,
        "dtype": variant.dtype,
        "status": "interrupted" if variant.status == "ready" else variant.status,
        "step": int(variant.step),
        "steps": int(variant.steps),
        "best_step": None if variant.best_step is None else int(variant.best_step),
        "non_finite": where and {"step": int(where.step), "phase": str(where.phase)},
        "diagnosis": variant.diagnosis and variant.diagnosis.verdict,
        "sets": {
            name: {
                "examples": int(each.m),
                "cost": number(each.cost),
                "data_loss": number(each.data_loss),
                "accuracy": number(each.accuracy),
                "error": number(each.error),
            }
            for name, each in variant.evaluations.items()
        },
        "figures": {name: _value(each) for name, each in variant.figures.items()},
    }


def _expectation(expectation: ExpectationResult) -> dict[str, Any]:
    return {
        "kept": expectation.kept,
        "variant": expectation.variant,
        "metric": expectation.metric,
        "at": expectation.at,
        "comparison": expectation.comparison,
        "expected": _value(expectation.expected),
        "measured": _value(expectation.measured),
        "text": expectation.text,
        "because": expectation.because,
        "reason": expectation.reason or None,
        "line": expectation.line,
    }


def _value(value: float | str | None) -> float | int | str | None:
    return value if isinstance(value, str) else number(value)
