"""The database's shape: what every store declares together, and the steps that lead an older database there."""
