SELECT ledger_alert_thresholds_v1($1, $2::smallint[], coalesce($3, now()))
