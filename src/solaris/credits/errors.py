"""Conditions of this package, each under its nearest class of `domain.errors`.

InvalidInput
└── PaymentMethodUnavailable  this installation does not accept that payment method
NotFound
├── PackageNotFound           no package on sale has that id
├── PendingGrantNotFound      no pending grant has that id
└── RequestNotFound           the caller has no request with that ticket number
Forbidden
├── OwnGrant                  the requester of a grant can't be its second person
└── ForeignGrant              only the requester of a grant may cancel it
Conflict
├── AnonymisedAccount         the receiver of the credits is anonymised
├── TooManyPendingRequests    the user has the maximum number of pending requests
├── AwaitsSecondPerson        an approval of the request already waits for a second person
├── PendingGrantDecided       the pending grant is approved, rejected, cancelled or expired
└── RequestAlreadyDecided     the request is approved, rejected or cancelled
"""

from solaris.domain.errors import Conflict, Forbidden, InvalidInput, NotFound


class PaymentMethodUnavailable(InvalidInput):
    """This installation does not accept that payment method; the message names one that it does."""

    code = "payment_method_unavailable"


class PackageNotFound(NotFound):
    """No package on sale has that id; the message lists the ids."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="package_not_found", param="package_id")


class RequestNotFound(NotFound):
    """The caller has no credit request with that ticket number."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="credit_request_not_found", param="ticket_number")


class AnonymisedAccount(Conflict):
    """The account is anonymised: no user could spend the credits."""

    code = "anonymised_account"

    def __init__(self) -> None:
        super().__init__(
            "Esta conta foi anonimizada e não pode receber créditos. Nada foi creditado: confira se o usuário é o certo."
        )


class TooManyPendingRequests(Conflict):
    """The user has the maximum number of pending requests."""

    code = "too_many_pending_requests"


class RequestAlreadyDecided(Conflict):
    """The request is already approved, rejected or cancelled."""

    code = "credit_request_already_decided"


class PendingGrantNotFound(NotFound):
    """No pending grant has that id."""

    def __init__(self) -> None:
        message = "Não há crédito à espera de confirmação com este identificador. Confira a lista em Solicitações."
        super().__init__(message, code="pending_grant_not_found", param="id")


class OwnGrant(Forbidden):
    """The requester of a grant can't be its second person."""

    code = "own_grant"

    def __init__(self) -> None:
        super().__init__("Foi você quem pediu este crédito: outra pessoa da equipe precisa confirmar ou recusar.")


class ForeignGrant(Forbidden):
    """Only the requester of a grant may cancel it; others may reject it."""

    code = "foreign_grant"

    def __init__(self) -> None:
        super().__init__("Só quem pediu este crédito pode cancelar. Para impedir, recuse informando o motivo.")


class PendingGrantDecided(Conflict):
    """The pending grant is already approved, rejected, cancelled or expired."""

    code = "pending_grant_already_decided"


class AwaitsSecondPerson(Conflict):
    """An approval of the request already waits for a second person."""

    code = "awaits_second_person"
