"""Checks at start that the plan of new users, `SOLARIS_DEFAULT_PLAN`, exists and is active."""

import asyncio
from dataclasses import dataclass

from solaris.domain.errors import StoreUnavailable
from solaris.platform.logs import Log
from solaris.platform.postgres import Database
from solaris.platform.sql import load_sql

_SECONDS_BETWEEN_TRIES = 2.0


@dataclass(frozen=True, slots=True)
class MissingPlan:
    """A configured default plan that can't be assigned, and the active plans."""

    plan_type: str
    is_inactive: bool
    active_plans: tuple[str, ...]

    @property
    def cause(self) -> str:
        """The problem, for operators."""
        wrong = "names a plan that is not active" if self.is_inactive else "names no plan"
        return f"SOLARIS_DEFAULT_PLAN={self.plan_type} {wrong}: new users can't be made"

    @property
    def cure(self) -> str:
        """The fix, for operators."""
        there = f"set it to one of {', '.join(self.active_plans)}, or " if self.active_plans else ""
        return f"{there}{'activate' if self.is_inactive else 'create'} the plan in the administration (Planos)"


async def missing_plan(database: Database, plan_type: str) -> MissingPlan | None:
    """The problem with the plan of new users; None if it is active.

    Raises:
        StoreUnavailable: PostgreSQL did not answer.
    """
    known = {row["plan_type"]: row["active"] for row in await database.fetch(load_sql("users", "known_plans"))}
    if known.get(plan_type):
        return None
    return MissingPlan(plan_type, plan_type in known, tuple(name for name, active in known.items() if active))


async def log_missing_plan(database: Database, log: Log, plan_type: str) -> None:
    """Log an error if the plan of new users is missing. Retries until PostgreSQL answers."""
    while True:
        try:
            missing = await missing_plan(database, plan_type)
            break
        except StoreUnavailable:
            await asyncio.sleep(_SECONDS_BETWEEN_TRIES)
    if missing is not None:
        log.error("default_plan_missing", plan_type=plan_type, cause=missing.cause, cure=missing.cure)
