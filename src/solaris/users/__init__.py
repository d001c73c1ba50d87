"""Users and staff: creating, changing, limiting and anonymising accounts; reading the audit log."""
