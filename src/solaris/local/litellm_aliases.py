"""Translates `model_group_alias` from lists into LiteLLM's form: one text per alias, or extra deployments."""

import copy
from collections.abc import Set
from typing import Any

from solaris.domain.model_names import nearest_pattern
from solaris.local.litellm_yaml import ConfigError, Source

Json = dict[str, Any]

# A field of a copied deployment's `model_info`, which LiteLLM stores and shows: the models that the
# alias refers to. The proxy reads it (`models.served_names`) to charge the alias with their
# weights.
ALIAS_OF = "solaris_alias_of"


def resolve_aliases(source: Source, deployments: list[Json], left_out: Set[str]) -> None:
    """Rewrite the aliases in place; an alias of several targets becomes one deployment per target's deployment.

    Drops an alias for itself, and targets in `left_out` (models that no provider or simulator
    answers). An alias may refer to another alias.

    Raises:
        ConfigError: a target is no model of the file, or aliases form a cycle.
    """
    router = source.section("router_settings")
    aliases = router.get("model_group_alias")
    if aliases is None:
        return
    if not isinstance(aliases, dict):
        raise ConfigError(
            f'{source.at("router_settings", "model_group_alias")}: model_group_alias must hold `alias: ["model"]` lines'
        )
    written: Json = {}
    added: list[Json] = []
    for alias, value in aliases.items():
        if isinstance(value, dict):
            written[alias] = value
            continue
        targets = _targets(source, aliases, str(alias), deployments, left_out)
        if len(targets) == 1 and targets[0] != alias:
            written[alias] = targets[0]
        elif len(targets) > 1:
            added += _copies(str(alias), targets, deployments)
    router["model_group_alias"] = written
    deployments += added


def _copies(alias: str, targets: list[str], deployments: list[Json]) -> list[Json]:
    others = [target for target in targets if target != alias]
    return [
        {
            **copy.deepcopy(deployment),
            "model_name": alias,
            "model_info": {**(deployment.get("model_info") or {}), ALIAS_OF: others},
        }
        for target in others
        for deployment in _deployments_of(target, deployments)
    ]


def _deployments_of(target: str, deployments: list[Json]) -> list[Json]:
    """The deployments of the name `target`.

    Else copies of those of the nearest pattern, filled in for this model.
    """
    named = [deployment for deployment in deployments if deployment["model_name"] == target]
    if named:
        return named
    pattern = nearest_pattern(target, {str(one["model_name"]) for one in deployments if "*" in str(one["model_name"])})
    return [_of_member(target, one) for one in deployments if one["model_name"] == pattern]


def _of_member(target: str, deployment: Json) -> Json:
    # As LiteLLM does: the text that the pattern's star matches replaces the first star in the
    # provider's model name.
    before, _, after = str(deployment["model_name"]).partition("*")
    filling = target[len(before) : len(target) - len(after)]
    params: Json = deployment["litellm_params"]
    return {**deployment, "litellm_params": {**params, "model": str(params["model"]).replace("*", filling, 1)}}


def _targets(source: Source, aliases: Json, alias: str, deployments: list[Json], left_out: Set[str]) -> list[str]:
    names = {str(deployment["model_name"]) for deployment in deployments}
    has_wildcard = any("*" in name for name in names)
    found: list[str] = []
    waiting: list[tuple[str, tuple[str, ...]]] = [(name, (alias,)) for name in _listed(source, alias, aliases[alias])]
    while waiting:
        name, way = waiting.pop(0)
        is_alias = name in aliases and not isinstance(aliases[name], dict)
        names_itself = is_alias and name in _listed(source, name, aliases[name])
        if name in names and (not is_alias or names_itself):
            found.append(name)
        elif name in left_out:
            continue
        elif name in way:
            raise ConfigError(
                f"{_place(source, alias)}: the alias {alias} stands for itself by way of {' → '.join(way)}; name a model"
            )
        elif is_alias:
            waiting += [(inner, (*way, name)) for inner in _listed(source, name, aliases[name])]
        elif has_wildcard or isinstance(aliases.get(name), dict):
            found.append(name)
        else:
            known = ", ".join(sorted(names)) or "none"
            raise ConfigError(
                f"{_place(source, alias)}: the alias {alias} names {name}, which is no model_name of this file ({known})"
            )
    return list(dict.fromkeys(found))


def _listed(source: Source, alias: str, value: object) -> list[str]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not listed or not all(isinstance(name, str) for name in listed):
        raise ConfigError(f'{_place(source, alias)}: the alias {alias} must name models, such as {alias}: ["gpt-4"]')
    return list(listed)


def _place(source: Source, alias: str) -> str:
    return source.at("router_settings", "model_group_alias", alias)
