"""Where files lie is kept relative to the home, which may be moved, restored elsewhere, or used by several machines."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from contracts import home

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

PLACES = {
    "partition": "landing_path",
    "report_version": "path",
    "report_file": "path",
    "signed_copy": "path",
}
FOLDERS = ("landing", "reports")


def upgrade() -> None:
    connection = op.get_bind()
    province = connection.scalar(sa.text("SELECT province_id FROM owner")) or ""
    for name, column in PLACES.items():
        place: sa.ColumnClause[str] = sa.column(column, sa.Text())
        table = sa.table(name, place)
        for path in connection.scalars(sa.select(place).where(place.is_not(None)).distinct()).all():
            if (said := below_home(path, province)) != path:
                connection.execute(sa.update(table).where(place == path).values({column: said}))


def below_home(path: str, province: str) -> str:
    """As given where the file is neither below the present home nor in the same place of it, moved along."""
    said = home.told(path)
    if not Path(said).is_absolute() and said != path:
        return said
    for folder in FOLDERS:
        before, found, within = path.rpartition(f"/{province}/{folder}/")
        moved = f"{province}/{folder}/{within}"
        if found and before and not Path(path).exists() and Path(home.lies_at(moved)).exists():
            return moved
    return path
