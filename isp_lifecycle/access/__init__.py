"""Who may do what: accounts, roles as sets of permissions, sign-in, sessions and the audit trail."""
