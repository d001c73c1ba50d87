"""Messages for refused spending: one line, under 240 characters, with a next step (SPEC 6)."""

from datetime import date

from solaris.domain.formats import format_date, tokens_text

SUSPENDED_MESSAGE = "Sua conta está suspensa. Fale com o administrador da sua empresa para reativá-la."
TOO_MANY_CALLS_MESSAGE = (
    "Você já tem o máximo de respostas em andamento que seu plano permite. Aguarde uma terminar e tente de novo."
)


def held_notice(tokens_remaining: int, tokens_held: int) -> str:
    """The message where tokens held by the user's calls in progress would cover the request."""
    free, held = tokens_text(tokens_remaining), tokens_text(tokens_held)
    return (
        f"Seu saldo livre é de {free}, com {held} em reserva para respostas em andamento. "
        "Aguarde alguns segundos até uma delas terminar e tente de novo."
    )


def quota_notice(tokens_left: int, renews_on: date, buy_url: str, *, allowance: int | None = None) -> str:
    """The message for a request that the balance, held tokens included, does not cover.

    `allowance`: this month's allowance in tokens, None if unknown. With 0 the message names no
    renewal, since there is nothing to renew.
    """
    if tokens_left <= 0 and allowance == 0:
        cause = "Sua conta não tem franquia de tokens neste mês e está sem créditos."
    elif tokens_left <= 0:
        cause = "Você usou todos os seus tokens deste mês."
    else:
        cause = f"Seu saldo de {tokens_text(tokens_left)} não cobre este pedido."
    if allowance == 0:
        return f"{cause} Para continuar, compre créditos em {buy_url}"
    return f"{cause} A franquia será renovada em {format_date(renews_on)}. Para continuar agora, compre créditos em {buy_url}"
