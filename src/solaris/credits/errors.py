"""What can go wrong when credits are bought or given; each derives its status from the domain's tree.

InvalidInput
└── PaymentMethodUnavailable  this installation can't take that payment now
NotFound
├── PackageNotFound           no such package on sale
└── RequestNotFound           the caller has no request with that ticket number
Conflict
├── TooManyPendingRequests    the user has enough open requests
└── RequestAlreadyDecided     a decided request can't be cancelled
"""

from solaris.domain.errors import Conflict, InvalidInput, NotFound


class PaymentMethodUnavailable(InvalidInput):
    """This installation can't take that payment now; the message names the way that works."""

    code = "payment_method_unavailable"


class PackageNotFound(NotFound):
    """No such package on sale; the message names those that are."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="package_not_found", param="package_id")


class RequestNotFound(NotFound):
    """The caller has no credit request with that ticket number."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="credit_request_not_found", param="ticket_number")


class TooManyPendingRequests(Conflict):
    """The user has as many pending requests as one may have."""

    code = "too_many_pending_requests"


class RequestAlreadyDecided(Conflict):
    """The request was approved, rejected or cancelled before."""

    code = "credit_request_already_decided"
