SELECT * FROM ledger_consume_v1($1, $2, $3, $4, $5, coalesce($6, now()))
