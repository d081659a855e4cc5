"""Alembic's entry: runs the migrations on the connection that warehouse.upgrade hands over."""

from alembic import context

from warehouse.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # SQLite, too: warehouse.database begins the transaction before the first DDL
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
