"""The first pages of both services, until the portal and the dashboard take their places."""

from starlette.responses import HTMLResponse

from solaris.platform.landing_page import Link, render_page
from solaris.platform.settings import Settings


def proxy_page(settings: Settings) -> HTMLResponse:
    """What runs on the proxy's port."""
    return render_page(
        "Controle de tokens IA SOLARIS",
        "Este endereço atende o seu chat: confere o saldo antes de cada chamada, cobra o que foi usado e avisa do limite.",
        [
            Link(
                "/docs", "Documentação da API", "Todas as rotas, com exemplos: entrar, saldo, extrato, créditos, chat."
            ),
            Link("/creditos", "Comprar créditos", "Como pedir mais tokens quando a franquia do mês acabar."),
            Link("/api/health", "Situação do serviço", "Banco de dados, Redis e LiteLLM."),
            Link(
                f"http://localhost:{settings.solaris_admin_port}/",
                "Painel administrativo",
                "Para a equipe: consumo, usuários e créditos.",
            ),
        ],
        f"Dias e meses são contados no fuso {settings.solaris_timezone}.",
    )


def credits_page() -> HTMLResponse:
    """Where the link in a blocked answer leads."""
    return render_page(
        "Comprar créditos",
        "Os créditos não vencem e são usados depois da franquia do mês. Por enquanto a compra é feita por pedido: "
        "você recebe um número de protocolo e um administrador libera os tokens.",
        [
            Link(
                "/docs#/credits",
                "Ver pacotes e fazer um pedido",
                "GET /api/credits/packages mostra quantidades e preços; POST /api/credits/purchase faz o pedido.",
            ),
            Link("/", "Início", "Voltar à primeira página."),
        ],
        "Prefere falar com alguém? Peça ao administrador da sua empresa para adicionar créditos.",
    )


def admin_page(settings: Settings) -> HTMLResponse:
    """What runs on the Admin Dashboard's port."""
    return render_page(
        "Painel administrativo IA SOLARIS",
        "Este endereço atende a equipe: consumo, usuários, créditos e relatórios.",
        [
            Link("/docs", "Documentação da API", "Rotas administrativas: painel, usuários, créditos, estatísticas."),
            Link("/api/health", "Situação do serviço", "Banco de dados, Redis e LiteLLM."),
            Link(f"{settings.public_url}/", "Portal dos usuários", "O endereço que o chat e os usuários usam."),
        ],
        f"Dias e meses são contados no fuso {settings.solaris_timezone}.",
    )
