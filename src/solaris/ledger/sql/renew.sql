SELECT * FROM ledger_renew_v1($1, $2, $3, $4, coalesce($5, now()))
