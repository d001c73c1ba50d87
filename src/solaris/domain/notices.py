"""What a user is told when spending is refused: one line, under 240 characters, with a way on (SPEC 6, Blocked)."""

from datetime import date

from solaris.domain.formats import format_date, format_tokens

SUSPENDED_MESSAGE = "Sua conta está suspensa. Fale com o administrador da sua empresa para reativá-la."


def quota_notice(tokens_remaining: int, renews_on: date, buy_url: str, *, held: int = 0) -> str:
    """The sentence for a request that the remaining tokens do not cover; `held` of them are set aside for running calls."""
    if held > 0:
        free, kept = format_tokens(tokens_remaining), format_tokens(held)
        cause = f"Restam {free} tokens livres: {kept} estão reservados para respostas em andamento."
    elif tokens_remaining <= 0:
        cause = "Você usou todos os seus tokens deste mês."
    else:
        cause = f"Seu saldo de {format_tokens(tokens_remaining)} tokens não cobre este pedido."
    return f"{cause} A franquia será renovada em {format_date(renews_on)}. Para continuar agora, compre créditos em {buy_url}"
