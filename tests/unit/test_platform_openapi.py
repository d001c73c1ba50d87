"""The shared parts of every route in the OpenAPI document."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.testclient import TestClient

from solaris.platform.http.app import create_app
from solaris.platform.http.idempotency import KEY_REQUIRED, GivenKey, required_key
from solaris.platform.http.openapi import document_common


@asynccontextmanager
async def _lifespan(_app: FastAPI) -> AsyncIterator[None]:
    yield


def test_every_answer_has_a_trace_id_and_every_closed_route_names_its_credential() -> None:
    app = create_app(title="test", description="", version="0", lifespan=_lifespan)

    @app.get("/open")
    async def read_open() -> int:
        return 1

    @app.get("/closed")
    async def read_closed() -> int:
        return 1

    document_common(app, open_routes={"GET /open"})
    document = app.openapi()
    opened, closed = document["paths"]["/open"]["get"], document["paths"]["/closed"]["get"]
    for operation in (opened, closed):
        assert {"200", "4XX", "5XX"} == set(operation["responses"])
        for response in operation["responses"].values():
            assert response["headers"]["X-Trace-Id"] == {"$ref": "#/components/headers/X-Trace-Id"}
    assert "security" not in opened
    assert closed["security"] == [{"bearer": []}]
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert app.openapi() is document


def test_a_required_idempotency_key_is_documented_as_such_and_asked_for_in_our_words() -> None:
    app = create_app(title="test", description="", version="0", lifespan=_lifespan)

    @app.post("/things/{name}", openapi_extra=KEY_REQUIRED)
    async def make(name: str, idempotency_key: GivenKey = None) -> str:
        return name + required_key(idempotency_key)

    parameters = {entry["name"]: entry for entry in app.openapi()["paths"]["/things/{name}"]["post"]["parameters"]}
    assert set(parameters) == {"name", "idempotency-key"}
    assert parameters["idempotency-key"]["required"] is True
    client = TestClient(app)
    assert client.post("/things/a", headers={"Idempotency-Key": "k"}).json() == "ak"
    refused = client.post("/things/a")
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "idempotency_key_required")
