"""The pages' types of the API are those of the API."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from solaris.cli.openapi import Service, document_of

_ROOT = Path(__file__).parents[2]


def _generate(service: Service, document: object, *options: str) -> "subprocess.CompletedProcess[str]":
    program = (sys.executable, _ROOT / "tools" / "build_pages.py", "--node", "openapi/generate.ts")
    return subprocess.run(
        [*program, service.value, *options], input=json.dumps(document), capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("service", list(Service))
def test_the_types_of_the_pages_are_current(service: Service) -> None:
    done = _generate(service, document_of(service), "--check")
    assert done.returncode == 0, done.stderr


def test_a_changed_route_is_noticed() -> None:
    document = document_of(Service.PROXY)
    document["paths"]["/api/auth/me2"] = document["paths"].pop("/api/auth/me")
    done = _generate(Service.PROXY, document, "--check")
    assert done.returncode == 1
    assert "proxy.gen.ts is not current: run `make types`" in done.stderr
