"""The database of a command: DATABASE_URL, else that of the product that runs in the state folder."""

from pydantic import SecretStr

from solaris.domain.errors import SolarisError
from solaris.platform.run_file import read_run_file
from solaris.platform.settings import Settings


class NoDatabaseFound(SolarisError):
    """DATABASE_URL is not set and no product runs in the state folder; the message is one English line."""

    code = "no_database_found"


def database_url(settings: Settings) -> str:
    """The URL of the command's database.

    Raises:
        NoDatabaseFound: DATABASE_URL is not set and no product runs in the state folder.
        RunFileDamaged: its `run.json` can't be read.
    """
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    run = read_run_file(settings.solaris_state_dir)
    if run is None or not run.get("database_url"):
        raise NoDatabaseFound("nothing runs in this folder; start it with `solaris up`, or set DATABASE_URL")
    return str(run["database_url"])


def with_database(settings: Settings) -> Settings:
    """The same settings with `database_url` resolved.

    Raises:
        NoDatabaseFound, RunFileDamaged: as `database_url`.
    """
    return settings.model_copy(update={"database_url": SecretStr(database_url(settings))})
