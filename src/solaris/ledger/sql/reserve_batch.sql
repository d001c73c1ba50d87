SELECT * FROM ledger_reserve_batch_v1($1, $2, $3, $4, $5, $6, $7, $8, coalesce($9, now()))
