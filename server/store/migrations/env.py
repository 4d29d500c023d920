"""Alembic's entry: online only, one transaction, the product's own engine settings."""

from alembic import context

from server.store.engines import writer_engine
from server.store.tables import metadata

engine = writer_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
engine.dispose()
