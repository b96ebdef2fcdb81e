"""The results of a run as JUnit XML, the form that CI systems read.

A test suite a scenario, a test case an expectation, and one more test case, "runs", that is an
error when the scenario could not run or became non-finite where it must not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from nnsim.report.figures import figure
from nnsim.report.outcomes import Outcome

if TYPE_CHECKING:
    from nnsim.scenario import ExpectationResult

# XML 1.0 has no way to write these, not even as character references.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(outcomes: Sequence[Outcome]) -> str:
    """Return the XML document."""
    root = Element("testsuites", name="nnsim")
    for outcome in outcomes:
        _suite(root, outcome)
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    root.set("time", f"{sum(outcome.seconds for outcome in outcomes):.3f}")
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suite(root: Element, outcome: Outcome) -> None:
    suite = SubElement(root, "testsuite", name=_text(outcome.name))
    if outcome.path:
        suite.set("file", _text(outcome.path))
    for expectation in outcome.result.expectations if outcome.result else ():
        _case(suite, outcome.name, expectation)
    _run_case(suite, outcome)
    suite.set("tests", str(len(suite)))
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(key, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("time", f"{outcome.seconds:.3f}")


def _case(suite: Element, scenario: str, expectation: ExpectationResult) -> None:
    case = SubElement(
        suite, "testcase", classname=_text(scenario), name=_text(expectation.text), time="0"
    )
    if expectation.kept is None:
        SubElement(case, "skipped", message=_text(f"not measured: {expectation.reason}"))
    elif not expectation.kept:
        message = f"measured {figure(expectation.measured)}"
        if expectation.measured is None:
            message = f"not measured: {expectation.reason}"
        failure = SubElement(case, "failure", message=_text(message))
        failure.text = _text(f"expected {expectation.text}\n{message}\n{expectation.because}")


def _run_case(suite: Element, outcome: Outcome) -> None:
    """Add the case "runs": the scenario as a whole."""
    case = SubElement(suite, "testcase", classname=_text(outcome.name), name="runs")
    case.set("time", f"{outcome.seconds:.3f}")
    if outcome.interrupted:
        SubElement(case, "skipped", message="interrupted")
    elif outcome.result is None:
        first = outcome.error.splitlines()[0] if outcome.error else "could not run"
        SubElement(case, "error", message=_text(first)).text = _text(outcome.error)
    elif outcome.non_finite:
        message = "NaN or infinity appeared where the scenario expected none"
        SubElement(case, "error", message=message)


def _text(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
