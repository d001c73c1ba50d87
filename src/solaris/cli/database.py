"""Which database a command works on: DATABASE_URL, else the one of the product that runs in the state folder."""

from pydantic import SecretStr

from solaris.local.errors import LocalError
from solaris.local.state import StateFolder
from solaris.platform.settings import Settings


def database_url(settings: Settings) -> str:
    """The URL of the database to work on.

    Raises:
        LocalError: DATABASE_URL is not set and nothing runs in the state folder.
        StateDamaged: its `run.json` can't be read.
    """
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    run = StateFolder(settings.solaris_state_dir).read_run()
    if run is None or not run.get("database_url"):
        raise LocalError("nothing runs in this folder; start it with `solaris up`, or set DATABASE_URL")
    return str(run["database_url"])


def with_database(settings: Settings) -> Settings:
    """The same settings with `database_url` resolved.

    Raises:
        LocalError, StateDamaged: as `database_url`.
    """
    return settings.model_copy(update={"database_url": SecretStr(database_url(settings))})
