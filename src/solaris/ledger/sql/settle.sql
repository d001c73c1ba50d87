SELECT * FROM ledger_settle_v1($1, $2, $3, $4, coalesce($5, now()))
