SELECT ledger_count_calls_v1()
