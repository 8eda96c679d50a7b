"""Runs axe-core in a real page. The page's CSP stays as it is: the script comes in through the driver."""

import json
from pathlib import Path

from tests.e2e.browsers import Browser

_SCRIPT = Path(__file__).parents[2] / "source_app/web/node_modules/axe-core/axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

_RUN = f"""
window.axe.run(document, {{runOnly: {json.dumps(TAGS)}, resultTypes: ["violations"]}}).then(
  ({{violations, passes}}) => [
    passes.length,
    violations.flatMap(({{id, nodes}}) => nodes.map(({{target, failureSummary, any}}) => [
      id, target.join(" "), failureSummary.replace(/\\s+/g, " ")
    ].join(" | "))),
  ])
"""


def violations(browser: Browser) -> list[str]:
    """Each as rule, element and what is wrong with it; AssertionError when axe has judged nothing."""
    if browser.evaluate("window.axe === undefined"):
        browser.evaluate(f"void (() => {{ {_SCRIPT.read_text('utf-8')} }})()")
    judged, found = browser.evaluate(_RUN)
    assert judged > 0
    return [str(each) for each in found]
