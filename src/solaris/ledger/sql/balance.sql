SELECT b.*, u.active FROM ledger_balance_v1($1, coalesce($2, now())) b JOIN users u ON u.id = b.user_id
