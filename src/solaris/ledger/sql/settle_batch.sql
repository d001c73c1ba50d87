SELECT * FROM ledger_settle_batch_v1($1, $2, $3, coalesce($4, now()))
