"""What staff administer with, wired for the Admin Dashboard: accounts, front-end keys, credits, prices, models, the audit log."""

from collections.abc import Iterator

from fastapi import APIRouter

from solaris.accounts import audit_routes, front_end_routes, staff_routes
from solaris.accounts.audit_trail import AuditTrail
from solaris.accounts.front_ends import FrontEnds
from solaris.accounts.limit_desk import LimitDesk
from solaris.accounts.staff_desk import StaffDesk
from solaris.apps.accounts_parts import AccountsParts
from solaris.apps.process_parts import ProcessParts
from solaris.credits import admin_routes as grant_routes
from solaris.credits import model_routes, pending_routes, price_routes, request_routes
from solaris.credits.approval_rules import ApprovalSettings
from solaris.credits.grants import GrantDesk
from solaris.credits.model_weights import ModelWeights
from solaris.credits.pending_grants import PendingGrants
from solaris.credits.price_list import PriceList
from solaris.credits.request_desk import RequestDesk
from solaris.credits.transaction_book import TransactionBook
from solaris.ledger.allowance import Allowances


def staff_routers(parts: ProcessParts, accounts: AccountsParts) -> Iterator[APIRouter]:
    """The routes; changes are told to every process through those of `accounts`."""
    settings, database, log = parts.settings, parts.database, parts.log
    caller, changes, people = accounts.caller, accounts.changes, accounts.people
    allowances = Allowances()
    desk = StaffDesk(database, people, changes, allowances)
    yield staff_routes.routes(people, desk, LimitDesk(database, changes, allowances), caller)
    yield front_end_routes.routes(
        FrontEnds(database, changes),
        caller,
        public_url=settings.public_url,
        new_accounts_per_day=settings.solaris_new_accounts_per_day,
    )
    yield audit_routes.routes(AuditTrail(database), caller)
    yield grant_routes.routes(GrantDesk(database, parts.ledger, log, changes.tell), caller)
    requests = RequestDesk(database, parts.ledger, log, changes.tell)
    yield request_routes.routes(requests, TransactionBook(database), caller)
    pending = PendingGrants(database, parts.ledger, log, changes.tell)
    yield pending_routes.routes(pending, ApprovalSettings(database), caller)
    yield price_routes.routes(PriceList(database, changes, default_plan=settings.solaris_default_plan), caller)
    yield model_routes.routes(
        ModelWeights(database, changes, conversion_factor=settings.token_conversion_factor), caller
    )
