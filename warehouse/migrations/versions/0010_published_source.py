"""Who gave a published figure that did not come through the portal's interface."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    words = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.add_column("published_figure", sa.Column("source", words, nullable=True))
