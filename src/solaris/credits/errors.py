"""What can go wrong when credits are bought or given; each derives its status from the domain's tree.

InvalidInput
└── PaymentMethodUnavailable  this installation can't take that payment now
NotFound
├── PackageNotFound           no such package on sale
├── PendingGrantNotFound      no such pending grant
└── RequestNotFound           the caller has no request with that ticket number
Forbidden
├── OwnGrant                  the person who asked for a grant can't be its second person
└── ForeignGrant              only the person who asked for a grant cancels it
Conflict
├── AnonymisedAccount         nobody spends what such an account is given
├── TooManyPendingRequests    the user has enough open requests
├── AwaitsSecondPerson        the request's grant already waits for a second person
├── PendingGrantDecided       the pending grant was approved, rejected, cancelled, or expired
└── RequestAlreadyDecided     a decided request can't be cancelled
"""

from solaris.domain.errors import Conflict, Forbidden, InvalidInput, NotFound


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


class AnonymisedAccount(Conflict):
    """The account was anonymised: nobody could spend what it is given."""

    code = "anonymised_account"

    def __init__(self) -> None:
        super().__init__(
            "Esta conta foi anonimizada e não pode receber créditos. Nada foi creditado: confira se o usuário é o certo."
        )


class TooManyPendingRequests(Conflict):
    """The user has as many pending requests as one may have."""

    code = "too_many_pending_requests"


class RequestAlreadyDecided(Conflict):
    """The request was approved, rejected or cancelled before."""

    code = "credit_request_already_decided"


class PendingGrantNotFound(NotFound):
    """There is no pending grant with that id."""

    def __init__(self) -> None:
        message = "Não há crédito à espera de confirmação com este identificador. Confira a lista em Solicitações."
        super().__init__(message, code="pending_grant_not_found", param="id")


class OwnGrant(Forbidden):
    """The person who asked for a grant can't be its second person."""

    code = "own_grant"

    def __init__(self) -> None:
        super().__init__("Foi você quem pediu este crédito: outra pessoa da equipe precisa confirmar ou recusar.")


class ForeignGrant(Forbidden):
    """Only the person who asked for a grant cancels it; others reject it."""

    code = "foreign_grant"

    def __init__(self) -> None:
        super().__init__("Só quem pediu este crédito pode cancelar. Para impedir, recuse informando o motivo.")


class PendingGrantDecided(Conflict):
    """The pending grant was approved, rejected, cancelled, or expired before."""

    code = "pending_grant_already_decided"


class AwaitsSecondPerson(Conflict):
    """The request's approval was asked for before, and waits for a second person."""

    code = "awaits_second_person"
