"""Accessibility, checked with axe-core from `web/node_modules`, whose messages are in Portuguese like the pages."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from playwright.async_api import Page

_AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core"
# WCAG 2.1 A and AA, and what axe calls good practice.
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


@cache
def _script() -> str:
    locale = (_AXE / "locales" / "pt_BR.json").read_text("utf-8")
    return f"{(_AXE / 'axe.min.js').read_text('utf-8')}\naxe.configure({{locale: {locale}}});"


async def assert_accessible(page: Page, *, without: tuple[str, ...] = ()) -> None:
    """Fail with every violation on the page, where it is and what is wrong. `without` names rules to leave out, with a reason
    beside the call."""
    if not await page.evaluate("'axe' in window"):
        # By the debugger: the page's own policy, which forbids foreign scripts, stays as it is.
        await page.evaluate(_script())
    options: dict[str, Any] = {
        "runOnly": {"type": "tag", "values": _TAGS},
        # What passed is counted no further; every rule is run all the same.
        "resultTypes": ["violations"],
        "rules": {rule: {"enabled": False} for rule in without},
    }
    violations = await page.evaluate(f"axe.run(document, {json.dumps(options)}).then(result => result.violations)")
    assert not violations, "\n".join(_lines(violations))


def _lines(violations: list[dict[str, Any]]) -> list[str]:
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}\n    {node['html'][:200]}\n    {_reasons(node)}"
        for violation in violations
        for node in violation["nodes"]
    ]


def _reasons(node: dict[str, Any]) -> str:
    return "; ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])
