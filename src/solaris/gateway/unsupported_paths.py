"""Refuses paths that OpenAI, Anthropic or LiteLLM serve and the gateway does not.

The error names the service; nothing is forwarded unmetered.
"""

from starlette.requests import Request
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

from solaris.domain.errors import NotFound

SERVED = (
    "POST /v1/chat/completions, /v1/completions, /v1/responses, /v1/messages, /v1/embeddings, "
    "/v1/messages/count_tokens e /v1/responses/input_tokens, e GET /v1/models"
)
# By the first parts of the path after `/v1`; from https://platform.openai.com/docs/api-reference,
# https://docs.anthropic.com/en/api and LiteLLM's own list of routes (version 1.106).
_KNOWN: dict[str, str] = {
    "assistants": "O serviço de assistentes",
    "audio": "O serviço de áudio (voz e transcrição)",
    "batches": "O processamento em lote",
    "chat/completions": "Consultar, mudar ou apagar conversas guardadas",
    "chatkit": "O ChatKit",
    "complete": "O serviço antigo de textos da Anthropic",
    "containers": "O serviço de contêineres",
    "conversations": "Guardar conversas no provedor",
    "engines": "O endereço antigo por motor (engines)",
    "evals": "O serviço de avaliações",
    "files": "O envio e a guarda de arquivos",
    "fine-tunes": "O ajuste fino de modelos",
    "fine_tuning": "O ajuste fino de modelos",
    "images": "O serviço de geração de imagens",
    "messages/batches": "O processamento em lote",
    "moderations": "O serviço de moderação",
    "ocr": "O serviço de leitura de documentos (OCR)",
    "organization": "O serviço de administração da organização no provedor",
    "rag": "O serviço de busca em documentos",
    "realtime": "O serviço de conversa em tempo real",
    "rerank": "O serviço de reordenação (rerank)",
    "responses": "Consultar, cancelar ou apagar respostas guardadas",
    "search": "O serviço de busca na internet",
    "skills": "O serviço de habilidades",
    "threads": "O serviço de assistentes",
    "uploads": "O envio e a guarda de arquivos",
    "vector_stores": "O serviço de bases vetoriais",
    "videos": "O serviço de geração de vídeos",
}
# Pages and APIs of other packages; unknown paths below them get the usual 404.
_OTHERS = ("/api/", "/assets/", "/docs")


class UnsupportedPaths(BaseRoute):
    """The application's last route, for paths that no other route serves.

    It matches only partially, so that other routes take precedence and an existing path with
    another method stays a 405. Pages requested by a browser are left to the pages' route.
    """

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """See Starlette."""
        if scope["type"] != "http" or scope["path"].startswith(_OTHERS) or _is_for_a_browser(scope):
            return Match.NONE, {}
        return Match.PARTIAL, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises NotFound, which lists what is served."""
        raise refusal_of(scope["path"])

    def url_path_for(self, name: str, /, **path_params: object) -> str:  # type: ignore[override]  # it never returns
        """Raises NoMatchFound: the route has no URL."""
        raise NoMatchFound(name, dict(path_params))


def refusal_of(path: str) -> NotFound:
    """The error for a path that is not served."""
    parts = path.strip("/").removeprefix("v1/").split("/")
    known = _KNOWN.get("/".join(parts[:2])) or _KNOWN.get(parts[0])
    if known is None:
        return NotFound(
            f"Este endereço não é oferecido aqui. São oferecidos: {SERVED}. A lista completa está em /docs."
        )
    return NotFound(f"{known} não é oferecido aqui. São oferecidos: {SERVED}.", code="not_offered")


def _is_for_a_browser(scope: Scope) -> bool:
    accepted = Request(scope).headers.get("accept", "")
    return scope["method"] == "GET" and not scope["path"].startswith("/v1/") and "text/html" in accepted
