-- The product's own connections to this database, over all processes (named `…-solaris`).
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '%-solaris'
