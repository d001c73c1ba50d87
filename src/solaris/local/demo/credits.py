"""Purchases and credit requests of the demo data. Pure; a fixed seed makes them reproducible."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from solaris.credits.records import Package, RequestState, Urgency
from solaris.domain.periods import day_starts_at
from solaris.ledger.records import TransactionType
from solaris.local.demo.usage import DAYS, SEED
from solaris.local.demo.users import DEMO_USERS, Habit

_PURCHASES_TODAY = 3
_GIFTS = (
    ("isabela.macedo@demo.local", 50_000, TransactionType.BONUS, "Boas-vindas ao programa de IA", 30),
    ("julia.sampaio@demo.local", 50_000, TransactionType.BONUS, "Boas-vindas ao programa de IA", 24),
    (
        "diego.paixao@demo.local",
        30_000,
        TransactionType.COMPENSATION,
        "Instabilidade do provedor em horário comercial",
        17,
    ),
    ("helena.coutinho@demo.local", 25_000, TransactionType.ADJUSTMENT, "Acerto combinado com a gerência", 8),
)


@dataclass(frozen=True, slots=True)
class DemoGrant:
    """Credits granted at a past instant."""

    email: str
    key: str
    at: datetime
    tokens: int
    amount_brl: Decimal
    transaction_type: TransactionType
    note: str


@dataclass(frozen=True, slots=True)
class DemoRequest:
    """A manual credit request and its outcome."""

    email: str
    package: Package
    note: str
    urgency: Urgency
    state: RequestState
    created_at: datetime
    decided_at: datetime | None
    reason: str | None

    def grant(self, number: int) -> DemoGrant | None:
        """The grant of an approved request."""
        if self.state is not RequestState.APPROVED or self.decided_at is None:
            return None
        return DemoGrant(
            self.email,
            f"demo:request:{number}",
            self.decided_at,
            self.package.tokens,
            self.package.amount_brl,
            TransactionType.PURCHASE,
            "Pedido aprovado",
        )


class DemoCredits:
    """Generates grants and requests of the days before `now`."""

    def __init__(self, now: datetime, zone: ZoneInfo, packages: Sequence[Package]) -> None:
        self._now = now
        self._zone = zone
        self._packages = packages
        self._today = now.astimezone(zone).date()
        self._random = random.Random(SEED + 1)  # noqa: S311  # a reproducible sequence, no secret

    def grants(self) -> list[DemoGrant]:
        """Purchases on most working days and always today, and a few free grants, the oldest first."""
        buyers = [user.email for user in DEMO_USERS if user.habit is Habit.HEAVY]
        made = [*self._purchases(buyers), *self._gifts()] if self._packages else list(self._gifts())
        return sorted(made, key=lambda grant: grant.at)

    def requests(self) -> list[DemoRequest]:
        """Requests of the last weeks: pending, approved, rejected and cancelled ones, the oldest first."""
        if not self._packages:
            return []
        plan = (
            ("claudio.simoes", 26, Urgency.NORMAL, RequestState.APPROVED, "Fechamento do trimestre", None),
            (
                "antonia.conceicao",
                19,
                Urgency.LOW,
                RequestState.REJECTED,
                "Testes pessoais",
                "Uso fora do escopo do projeto.",
            ),
            ("gabriel.ramalho", 15, Urgency.HIGH, RequestState.APPROVED, "Proposta comercial com prazo na sexta", None),
            ("fabio.inacio", 12, Urgency.NORMAL, RequestState.CANCELLED, "Pedido em duplicidade", None),
            (
                "larissa.quintao",
                10,
                Urgency.NORMAL,
                RequestState.REJECTED,
                "Mais tokens",
                "Informe o projeto e o centro de custo.",
            ),
            ("helena.coutinho", 6, Urgency.NORMAL, RequestState.APPROVED, "Revisão de contratos", None),
            ("bruno.falcao", 2, Urgency.LOW, RequestState.PENDING, "Tradução de manuais", None),
            ("heloisa.frazao", 1, Urgency.HIGH, RequestState.PENDING, "Estou quase sem saldo", None),
            (
                "marcio.trindade",
                0,
                Urgency.HIGH,
                RequestState.PENDING,
                "Fiquei bloqueado no meio de um relatório",
                None,
            ),
        )
        return [
            self._request(f"{account}@demo.local", days_ago, urgency, state, (note, reason))
            for account, days_ago, urgency, state, note, reason in plan
        ]

    def _request(
        self, email: str, days_ago: int, urgency: Urgency, state: RequestState, texts: tuple[str, str | None]
    ) -> DemoRequest:
        created_at = self._instant(self._today - timedelta(days=days_ago))
        decided = state is not RequestState.PENDING
        next_day = self._instant(self._today - timedelta(days=max(days_ago - 1, 0)))
        decided_at = max(next_day, created_at) if decided else None
        package = self._random.choice(self._packages)
        return DemoRequest(email, package, texts[0], urgency, state, created_at, decided_at, texts[1])

    def _purchases(self, buyers: Sequence[str]) -> Iterator[DemoGrant]:
        number = 0
        for days_ago in range(DAYS, -1, -1):
            day = self._today - timedelta(days=days_ago)
            for _ in range(_PURCHASES_TODAY if days_ago == 0 else self._purchases_on(day)):
                number += 1
                package = self._cheap_first()
                email = buyers[number % len(buyers)]
                yield DemoGrant(
                    email,
                    f"demo:purchase:{number}",
                    self._instant(day),
                    package.tokens,
                    package.amount_brl,
                    TransactionType.PURCHASE,
                    f"Compra por e-mail: {package.name}",
                )

    def _cheap_first(self) -> Package:
        weights = [1 / float(package.amount_brl) for package in self._packages]
        return self._random.choices(self._packages, weights)[0]

    def _purchases_on(self, day: date) -> int:
        return self._random.choice((0, 0, 0, 1) if day.weekday() >= 5 else (0, 1, 1, 2))

    def _gifts(self) -> Iterator[DemoGrant]:
        for number, (email, tokens, transaction_type, note, days_ago) in enumerate(_GIFTS):
            at = self._instant(self._today - timedelta(days=days_ago))
            yield DemoGrant(email, f"demo:gift:{number}", at, tokens, Decimal(0), transaction_type, note)

    def _instant(self, day: date) -> datetime:
        starts_at = day_starts_at(day, self._zone)
        at = starts_at + timedelta(minutes=self._random.randrange(8 * 60, 19 * 60))
        return at if at < self._now else starts_at + (self._now - starts_at) * self._random.random()
