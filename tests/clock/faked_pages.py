"""For tools/any_day.py, which loads it into pytest: the pages' clock goes with the tests'.

Chromium opens no page under libfaketime. It has the machine's clock, and `Date` of every page is ahead of it as libfaketime is.
"""

import os
from typing import Any

from playwright.async_api import Browser

_AHEAD_MILLISECONDS = int(os.environ["FAKETIME"]) * 1000
_DATE = f"""
globalThis.Date = new Proxy(Date, {{
  construct: (real, given, target) =>
    Reflect.construct(real, given.length ? given : [real.now() + {_AHEAD_MILLISECONDS}], target),
  apply: (real) => new real(real.now() + {_AHEAD_MILLISECONDS}).toString(),
  get: (real, name) => (name === "now" ? () => real.now() + {_AHEAD_MILLISECONDS} : Reflect.get(real, name)),
}});
"""
_new_context = Browser.new_context


async def _new_context_with_clock(self: Browser, **options: Any) -> Any:
    context = await _new_context(self, **options)
    await context.add_init_script(_DATE)
    return context


Browser.new_context = _new_context_with_clock  # type: ignore[method-assign]
