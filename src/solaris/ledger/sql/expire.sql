SELECT * FROM ledger_expire_v2($1, $2, coalesce($3, now()))
