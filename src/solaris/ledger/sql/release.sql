SELECT ledger_release_v1($1, $2, coalesce($3, now()))
