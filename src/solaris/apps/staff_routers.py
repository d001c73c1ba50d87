"""Wiring of staff routes: users, front-end keys, credits, prices, models, audit log."""

from collections.abc import Iterator

from fastapi import APIRouter

from solaris.apps.auth_container import AuthContainer
from solaris.apps.process_container import ProcessContainer
from solaris.auth import front_end_routes
from solaris.auth.front_ends import FrontEnds
from solaris.credits import grant_routes, pending_grant_routes, plan_and_package_routes, request_routes
from solaris.credits.approval_rules import ApprovalSettings
from solaris.credits.grants import GrantService
from solaris.credits.pending_grants import PendingGrants
from solaris.credits.plans_and_packages import PlanAndPackageService
from solaris.credits.requests import RequestService
from solaris.credits.transactions import TransactionReader
from solaris.ledger.allowance import Allowances
from solaris.models import routes as model_routes
from solaris.models.weights import ModelWeights
from solaris.users import audit_routes
from solaris.users import routes as user_routes
from solaris.users.audit_reader import AuditReader
from solaris.users.limit_service import LimitService
from solaris.users.staff_service import StaffService


def staff_routers(container: ProcessContainer, auth: AuthContainer) -> Iterator[APIRouter]:
    """Yield the routers; changes are published to every process through `auth.cache_invalidation`."""
    settings, database, log = container.settings, container.database, container.log
    caller, cache_invalidation, users = auth.caller, auth.cache_invalidation, auth.users
    allowances = Allowances()
    staff = StaffService(database, users, cache_invalidation, allowances)
    yield user_routes.routes(users, staff, LimitService(database, cache_invalidation, allowances), caller)
    yield front_end_routes.routes(
        FrontEnds(database, cache_invalidation),
        caller,
        public_url=settings.public_url,
        new_accounts_per_day=settings.solaris_new_accounts_per_day,
    )
    yield audit_routes.routes(AuditReader(database), caller)
    yield grant_routes.routes(GrantService(database, container.ledger, log, cache_invalidation.publish), caller)
    requests = RequestService(database, container.ledger, log, cache_invalidation.publish)
    yield request_routes.routes(requests, TransactionReader(database), caller)
    pending = PendingGrants(database, container.ledger, log, cache_invalidation.publish)
    yield pending_grant_routes.routes(pending, ApprovalSettings(database), caller)
    yield plan_and_package_routes.routes(
        PlanAndPackageService(database, cache_invalidation, default_plan=settings.solaris_default_plan), caller
    )
    yield model_routes.routes(
        ModelWeights(database, cache_invalidation, conversion_factor=settings.token_conversion_factor), caller
    )
