SELECT * FROM ledger_audit_v1()
