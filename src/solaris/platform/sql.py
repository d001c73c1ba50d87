"""Named SQL statements, one a file, in the `sql/` folder of the room that owns them."""

from functools import cache
from importlib.resources import files


@cache
def load_sql(room: str, name: str) -> str:
    """The text of `src/solaris/<room>/sql/<name>.sql`.

    Raises:
        FileNotFoundError: the room has no such statement.
    """
    return files("solaris").joinpath(room, "sql", f"{name}.sql").read_text(encoding="utf-8")
