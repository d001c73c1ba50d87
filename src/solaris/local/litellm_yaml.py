"""Reads the customer's LiteLLM configuration: YAML with `${VAR}` anywhere, and the line number of each value."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from solaris.local.errors import LocalError

Json = dict[str, Any]

_MAX_CHARACTERS = 1_000_000
_SHELL_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::?-([^}]*))?\}")
# Braces would end a plain value inside `{…}`. Private-use characters are plain text to YAML and do
# not occur in configurations.
_OPEN, _DEFAULT, _CLOSE = "\ue000", "\ue001", "\ue002"
_MARKED = re.compile(f"{_OPEN}([A-Za-z0-9_]+)(?:{_DEFAULT}([^{_CLOSE}]*))?{_CLOSE}")
_LITELLM_VARIABLE = re.compile(r"os\.environ/([A-Za-z_][A-Za-z0-9_]*)")


class ConfigError(LocalError):
    """The configuration can't be used; the message is one line with file, line and cure."""

    code = "litellm_config_wrong"


class Source:
    """The customer's file: its values, with variables still marked, and their line numbers."""

    def __init__(self, name: str, config: Json, tree: yaml.Node | None) -> None:
        self.name = name
        self.config = config
        self._tree = tree

    def at(self, *path: str | int) -> str:
        """`file, line n` of the value at `path`, or of the nearest enclosing value."""
        node, line = self._tree, 1
        for step in ("", *path):
            node = node if step == "" else _child(node, step)
            if node is None:
                break
            line = node.start_mark.line + 1
        return f"{self.name}, line {line}"

    def section(self, name: str) -> Json:
        """The top-level mapping `name`; empty where it is absent.

        Raises:
            ConfigError: it is no mapping.
        """
        value = self.config.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise ConfigError(f"{self.at(name)}: {name} must hold `name: value` lines, indented below it")
        return value

    def reference(self, variable: str) -> str:
        """The marked form of a value that consists of this variable alone."""
        return f"{_OPEN}{variable}{_CLOSE}"

    def expand_variables(self, variables: Mapping[str, str]) -> set[str]:
        """Replace every marked variable by LiteLLM's form.

        Returns the names of all variables that the file refers to.

        Raises:
            ConfigError: a variable is not set and has no default.
        """
        referred: set[str] = set()
        self.config = _expanded(self, self.config, variables, referred, ())
        return referred


def variable_of(value: object) -> tuple[str, str | None] | None:
    """Name and default of the variable that `value` consists of, in either notation.

    None for any other value.
    """
    if not isinstance(value, str):
        return None
    marked = _MARKED.fullmatch(value.strip())
    if marked:
        return marked[1], marked[2]
    native = _LITELLM_VARIABLE.fullmatch(value.strip())
    return (native[1], None) if native else None


def read_source(text: str, name: str) -> Source:
    """Parse the file.

    Raises:
        ConfigError: the text is no YAML, or no configuration.
    """
    if len(text) > _MAX_CHARACTERS:
        raise ConfigError(f"{name}, line 1: the file is larger than {_MAX_CHARACTERS} characters; is it the right one?")
    marked = _SHELL_VARIABLE.sub(_mark, text.removeprefix("\ufeff"))
    try:
        tree = yaml.compose(marked, Loader=yaml.SafeLoader)
        config = yaml.safe_load(marked)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = error.problem or "unreadable"
        raise ConfigError(
            f"{name}, line {line}: no valid YAML ({problem}); check indentation, quotes and colons there"
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        said = str(error).splitlines()[0] if str(error) else "unreadable"
        raise ConfigError(f"{name}, line 1: no valid YAML ({said})") from error
    if config is None:
        config = {}
    if not isinstance(config, dict):
        raise ConfigError(
            f"{name}, line 1: the file must hold sections such as `model_list:`, as in the example of the README"
        )
    return Source(name, config, tree)


def _mark(found: re.Match[str]) -> str:
    default = "" if found[2] is None else f"{_DEFAULT}{found[2]}"
    return f"{_OPEN}{found[1]}{default}{_CLOSE}"


def _child(node: yaml.Node | None, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        found = node.value[step]
        return found if isinstance(found, yaml.Node) else None
    return None


def _expanded(
    source: Source, value: Any, variables: Mapping[str, str], referred: set[str], path: tuple[str | int, ...]
) -> Any:
    if isinstance(value, dict):
        return {
            _expanded(source, key, variables, referred, path): _expanded(
                source, inner, variables, referred, (*path, str(key))
            )
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_expanded(source, inner, variables, referred, (*path, index)) for index, inner in enumerate(value)]
    if not isinstance(value, str):
        return value
    return _expanded_text(source, value, variables, referred, path)


def _expanded_text(
    source: Source, value: str, variables: Mapping[str, str], referred: set[str], path: tuple[str | int, ...]
) -> str:
    native = _LITELLM_VARIABLE.fullmatch(value)
    if native:
        referred.add(native[1])
    is_whole = _MARKED.fullmatch(value) is not None

    def written(found: re.Match[str]) -> str:
        name, default = found[1], found[2]
        referred.add(name)
        if variables.get(name):
            # LiteLLM expands whole values only; it takes a reference inside a longer value as text.
            return f"os.environ/{name}" if is_whole else variables[name]
        if default is not None:
            return default
        raise ConfigError(
            f"{source.at(*path)}: {name} is not set; set it in the environment or in .env, or remove the line"
        )

    return _MARKED.sub(written, value)
