"""`solaris litellm`, `litellm-install`, `simulator`, `smollm2`: the model servers, each by itself."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

# Other imports are inside the commands: every call of `solaris` loads this file.
if TYPE_CHECKING:
    from solaris.local.litellm_server import LocalModels, PreparedLiteLLM

DEFAULT_SIMULATOR_PORT = 4010
DEFAULT_SMOLLM2_PORT = 4020


def register(app: typer.Typer) -> None:
    """Add this file's commands."""
    app.command("litellm")(litellm)
    app.command("litellm-install")(litellm_install)
    app.command("simulator")(simulator)
    app.command("smollm2")(smollm2)


def litellm(
    port: Annotated[
        int | None, typer.Option(help="Port; SOLARIS_LITELLM_PORT where left out.", min=1, max=65535)
    ] = None,
    simulator_url: Annotated[
        str | None,
        typer.Option(
            envvar="SOLARIS_SIMULATOR_URL",
            help="Answers models without a provider key; without it they are left out.",
        ),
    ] = None,
    smollm2_url: Annotated[
        str | None, typer.Option(envvar="SOLARIS_SMOLLM2_URL", help="Adds the small local model that answers there.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Translate the configuration, show it, start nothing.")
    ] = False,
) -> None:
    """Run the real LiteLLM in the foreground, with litellm_config.yaml and the current settings."""
    from solaris.local.extra import require_extra
    from solaris.local.ports import require_free

    require_extra()
    from solaris.local.litellm_server import LocalModels

    prepared = _prepared(port, LocalModels(simulator_url, smollm2_url), check=check)
    for notice in prepared.translation.notices:
        typer.echo(notice, err=True)
    if check:
        typer.echo(prepared.translation.text)
        return
    require_free(prepared.port, "SOLARIS_LITELLM_PORT", "127.0.0.1")
    os.chdir(prepared.config.parent)
    _become(prepared.arguments, dict(prepared.variables))


def litellm_install(
    smollm2: Annotated[bool, typer.Option(help="Also the small local model (180 MB).")] = True,
) -> None:
    """Install LiteLLM (and the small local model) into separate environments, as `solaris up` does."""
    from solaris.local import litellm_environment, smollm2_environment
    from solaris.local.locked_environment import InstallationFailed

    typer.echo(f"LiteLLM: {litellm_environment.ensure_installed(typer.echo)}")
    if not smollm2:
        return
    try:
        typer.echo(f"smollm2: {smollm2_environment.ensure_installed(typer.echo)}")
    except InstallationFailed as error:
        typer.echo(f"{error}; everything else works without it", err=True)


def simulator(
    port: Annotated[int, typer.Option(envvar="SOLARIS_SIMULATOR_PORT", min=0, max=65535)] = DEFAULT_SIMULATOR_PORT,
    delay_seconds: Annotated[
        float,
        typer.Option(envvar="SOLARIS_SIMULATOR_DELAY_SECONDS", min=0, max=600, help="Delay before an answer begins."),
    ] = 0.0,
    chunk_delay_seconds: Annotated[
        float,
        typer.Option(envvar="SOLARIS_SIMULATOR_CHUNK_DELAY_SECONDS", min=0, max=600, help="Delay before each chunk."),
    ] = 0.0,
    output_tokens: Annotated[
        int | None,
        typer.Option(envvar="SOLARIS_SIMULATOR_OUTPUT_TOKENS", min=1, max=200_000, help="Length of each answer."),
    ] = None,
    bill: Annotated[
        Path | None,
        typer.Option(
            envvar="SOLARIS_SIMULATOR_BILL", help="A file that records what was generated, also through kills."
        ),
    ] = None,
) -> None:
    """Run the model simulator: OpenAI's API (and Anthropic's messages) without a model."""
    from solaris.local.ports import require_free
    from solaris.local.simulator import Behaviour
    from solaris.local.simulator.process import run_simulator

    behaviour = Behaviour(
        delay_seconds=delay_seconds, chunk_delay_seconds=chunk_delay_seconds, output_tokens=output_tokens
    )
    if port:
        require_free(port, "SOLARIS_SIMULATOR_PORT", "127.0.0.1")
    run_simulator(behaviour, "127.0.0.1", port, bill)


def smollm2(
    port: Annotated[int, typer.Option(envvar="SOLARIS_SMOLLM2_PORT", min=1, max=65535)] = DEFAULT_SMOLLM2_PORT,
) -> None:
    """Run the small local model on llama.cpp's server."""
    from solaris.local import smollm2_environment
    from solaris.local.ports import require_free
    from solaris.local.smollm2_server import Smollm2Server

    server = Smollm2Server(smollm2_environment.ensure_installed(typer.echo), port)
    require_free(port, "SOLARIS_SMOLLM2_PORT", "127.0.0.1")
    typer.echo(f"smollm2 on {server.url}/v1")
    _become(server.arguments, dict(os.environ))


def _prepared(port: int | None, local_models: "LocalModels", *, check: bool) -> "PreparedLiteLLM":
    from solaris.local import litellm_environment
    from solaris.local.litellm_server import litellm_variables, prepare_litellm
    from solaris.platform.settings import load_settings

    settings = load_settings()
    variables = litellm_variables(settings)
    environment = Path() if check else litellm_environment.ensure_installed(lambda line: typer.echo(line, err=True))
    return prepare_litellm(settings, variables, environment=environment, local_models=local_models, port=port)


def _become(arguments: tuple[str, ...], variables: dict[str, str]) -> NoReturn:
    # The program replaces this process, so that signals and exit codes are its own.
    os.execve(arguments[0], arguments, variables)  # noqa: S606  # our own script, without a shell
