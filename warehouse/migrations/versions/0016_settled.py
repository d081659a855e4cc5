"""Which dossiers are left to others now, and which were only when both sources were compared last; and whose facts were
held against one another so."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until here what was found last was all there is."""
    op.add_column("counted_elsewhere", sa.Column("holds", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("partition", sa.Column("settled", sa.Integer(), nullable=True))
    with op.batch_alter_table("counted_elsewhere") as table:
        table.alter_column("holds", server_default=None)
