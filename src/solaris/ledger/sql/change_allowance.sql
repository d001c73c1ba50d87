SELECT * FROM ledger_change_allowance_v1($1, $2, $3, $4, $5, $6, $7, coalesce($8, now()))
