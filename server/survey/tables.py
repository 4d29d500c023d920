"""What customers answered, one row an order."""

import sqlalchemy as sa

from server.store.tables import ID, MS, metadata

survey_answer = sa.Table(
    "survey_answer",
    metadata,
    sa.Column("order_id", ID, primary_key=True),
    sa.Column("site", ID, nullable=False),
    sa.Column("on_time", sa.Boolean, nullable=False),
    sa.Column("complete", sa.Boolean, nullable=False),
    sa.Column("courtesy", sa.Integer, nullable=False),  # 1 to 5
    sa.Column("comment", sa.Text, nullable=False),
    # Who brought it: a carrier by its name, or a driver of ours.
    sa.Column("carrier", sa.String(40), nullable=False, server_default=""),
    sa.Column("driver", ID, nullable=False, server_default=""),
    sa.Column("at", MS, nullable=False),
    sa.Column("changed_at", MS, nullable=False),
    sa.Column("discrepancy", ID),  # what it was so bad for
)
sa.Index("ix_survey_answer_site", survey_answer.c.site, survey_answer.c.at)
