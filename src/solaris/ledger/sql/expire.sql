SELECT * FROM ledger_expire_v1($1, $2, coalesce($3, now()))
