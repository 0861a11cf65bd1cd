"""What alembic runs: the steps on the connection that ``steps`` hands over, against the complete MetaData."""

from __future__ import annotations

from alembic import context

from isp_lifecycle.migrations.schema import complete_metadata


def run() -> None:
    """Run the steps inside the caller's transaction, which commits all of them or none."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=complete_metadata(),
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=False,
    )
    context.run_migrations()


run()
