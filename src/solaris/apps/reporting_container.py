"""Wiring of `reporting`: the proxy serves a user's history, the Admin Dashboard the rest.

Both export metrics.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from fastapi import APIRouter
from pydantic import JsonValue

from solaris.apps.process_container import ProcessContainer
from solaris.auth.caller import Caller
from solaris.reporting import (
    activity_routes,
    dashboard_routes,
    export_routes,
    finance_routes,
    history_routes,
    usage_stats_routes,
    users_routes,
)
from solaris.reporting.dashboard import Dashboard
from solaris.reporting.finance import Finance
from solaris.reporting.gauges import ALL_GAUGES, BusinessGauges
from solaris.reporting.heat_map import HeatMap
from solaris.reporting.history import UsageHistory
from solaris.reporting.personal_export import PersonalExport
from solaris.reporting.usage_stats import UsageStatistics
from solaris.reporting.user_activity import UserActivity
from solaris.reporting.users import UserDirectory
from solaris.reporting.users_export import UsersExport


@dataclass(frozen=True, slots=True)
class ReportingContainer:
    """The reporting routes. Run `gauges.run()` as a task of the process."""

    gauges: BusinessGauges
    proxy_routers: tuple[APIRouter, ...]
    admin_routers: tuple[APIRouter, ...]


def build_reporting(container: ProcessContainer, caller: Caller, gauges: Set[str] = ALL_GAUGES) -> ReportingContainer:
    """Build reporting for one process; the gauges named by `gauges` are added to its registry."""

    async def services() -> Mapping[str, JsonValue]:
        health = await container.checks.read()
        return {name: check.model_dump() for name, check in health.checks.items()}

    settings, database = container.settings, container.database
    dashboard = Dashboard(database, services, timezone=settings.solaris_timezone)
    history = UsageHistory(database, settings.zone)
    statistics = UsageStatistics(database, zone=settings.zone)
    directory = UserDirectory(database)
    return ReportingContainer(
        BusinessGauges(container.metrics.registry, dashboard, container.log, shown=gauges),
        (history_routes.routes(history, caller),),
        (
            dashboard_routes.routes(dashboard, caller),
            usage_stats_routes.routes(statistics, caller),
            users_routes.routes(directory, history, caller),
            activity_routes.routes(HeatMap(statistics), UserActivity(database), directory, caller),
            export_routes.routes(UsersExport(database, directory, settings.zone), PersonalExport(database), caller),
            finance_routes.routes(Finance(database, zone=settings.zone), caller),
        ),
    )
