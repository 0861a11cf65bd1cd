"""The tables as first released, from the SQL beside this file.

Revision 0001, the first.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything."""
    statements = (Path(__file__).parent / "first.sql").read_text(encoding="utf-8")
    # Without parameters, all statements go in one message and a percent sign is one.
    op.get_bind().exec_driver_sql(statements, execution_options={"no_parameters": True})
