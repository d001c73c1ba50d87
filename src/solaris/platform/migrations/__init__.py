"""Plain SQL migrations, applied in order, once, by the process that comes first, beside processes that work (decision 0152).

Files are `NNNN_verb_noun.sql`, or `NNNN_pre_….sql` (expand) and `NNNN_post_….sql` (contract); those whose first line is
`-- transaction: none` run statement by statement. What was applied is recorded with a checksum. Functions live in files of their
own and are replaced when their text changes.
"""

from solaris.platform.migrations.errors import (
    DatabaseAway,
    LockNotObtained,
    MigrationError,
    OlderProcessesConnected,
    describe_connection_error,
)
from solaris.platform.migrations.files import Migration, Phase, SchemaFiles, read_migrations, read_schema_files
from solaris.platform.migrations.locks import LockRetries
from solaris.platform.migrations.plan import MigrationPlan, plan_migration
from solaris.platform.migrations.runner import MigrateOptions, migrate

__all__ = [
    "DatabaseAway",
    "LockNotObtained",
    "LockRetries",
    "MigrateOptions",
    "Migration",
    "MigrationError",
    "MigrationPlan",
    "OlderProcessesConnected",
    "Phase",
    "SchemaFiles",
    "describe_connection_error",
    "migrate",
    "plan_migration",
    "read_migrations",
    "read_schema_files",
]
