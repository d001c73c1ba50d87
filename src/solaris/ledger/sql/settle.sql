SELECT * FROM ledger_settle_v2($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'settled', coalesce($14, now()))
