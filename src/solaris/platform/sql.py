"""Named SQL statements, one per file, in the `sql/` folder of their package."""

from functools import cache
from importlib.resources import files


@cache
def load_sql(room: str, name: str) -> str:
    """Return the text of `src/solaris/<room>/sql/<name>.sql`.

    Raises:
        FileNotFoundError: the package has no such statement.
    """
    return files("solaris").joinpath(room, "sql", f"{name}.sql").read_text(encoding="utf-8")
