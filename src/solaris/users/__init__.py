"""Users and staff: made, changed, limited, anonymised; and the audit log of it."""
