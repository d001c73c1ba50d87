-- The product's own connections to this database, over all its processes (each names itself `…-solaris/VERSION`).
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '%-solaris%'
