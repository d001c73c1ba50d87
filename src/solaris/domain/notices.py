"""What a user is told when spending is refused: one line, under 240 characters, with a way on (SPEC 6, Blocked)."""

from datetime import date

from solaris.domain.formats import format_date, tokens_text

SUSPENDED_MESSAGE = "Sua conta está suspensa. Fale com o administrador da sua empresa para reativá-la."


def quota_notice(
    tokens_remaining: int, renews_on: date, buy_url: str, *, held: int = 0, allowance: int | None = None
) -> str:
    """The sentence for a request that the remaining tokens do not cover; `held` of them are set aside for running calls.

    `allowance`: what the subscription gives this month, where that is known; with 0 there is nothing that would be renewed.
    """
    if held > 0:
        free, kept = tokens_text(tokens_remaining), tokens_text(held)
        cause = f"Seu saldo livre é de {free}, com {kept} em reserva para respostas em andamento."
    elif tokens_remaining <= 0 and allowance == 0:
        cause = "Sua conta não tem franquia de tokens neste mês e está sem créditos."
    elif tokens_remaining <= 0:
        cause = "Você usou todos os seus tokens deste mês."
    else:
        cause = f"Seu saldo de {tokens_text(tokens_remaining)} não cobre este pedido."
    if allowance == 0:
        return f"{cause} Para continuar, compre créditos em {buy_url}"
    return f"{cause} A franquia será renovada em {format_date(renews_on)}. Para continuar agora, compre créditos em {buy_url}"
