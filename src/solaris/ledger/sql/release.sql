SELECT ledger_release_v1($1, $2, $3, coalesce($4, now()))
