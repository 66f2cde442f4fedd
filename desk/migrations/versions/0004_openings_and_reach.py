"""openings and places of candidates, and what calls taught about reaching people"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

import ledger.database

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

#: `schedules.queue.NEVER`, and how many places a day of waiting makes (`schedules.rank`), as both were then.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
PLACES_A_DAY = 1000
OLD_INDEX = 'ix_candidate_campaign_id_candidate_next_eligible_at_candidate_rank'


def upgrade() -> None:
    op.create_table('reach',
    sa.Column('band', sa.String(length=32), nullable=False),
    sa.Column('weekday', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('part', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('successes', sa.Integer(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('band', 'weekday', 'part', name=op.f('pk_reach'))
    )
    with op.batch_alter_table('candidate', schema=None) as batch_op:
        batch_op.add_column(sa.Column('open_until', ledger.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('waits_since', ledger.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.drop_index(batch_op.f(OLD_INDEX))
    _place()
    with op.batch_alter_table('candidate', schema=None) as batch_op:
        batch_op.alter_column('open_until', existing_type=ledger.database.UtcDateTime(timezone=True), nullable=False)
        batch_op.alter_column('waits_since', existing_type=ledger.database.UtcDateTime(timezone=True), nullable=False)
        batch_op.create_index('ix_candidate_opening', ['campaign_id', 'next_eligible_at', 'open_until', 'rank', 'id', 'debtor_id'], unique=False)


def _place() -> None:
    """Nobody knows the end of an opening, so everybody stays in the queue; the first look gives each their place."""
    moment = ledger.database.UtcDateTime(timezone=True)
    campaign = sa.table('campaign', sa.column('id', sa.Integer), sa.column('made_at', moment))
    candidate = sa.table(
        'candidate', sa.column('campaign_id', sa.Integer), sa.column('open_until', moment),
        sa.column('waits_since', moment), sa.column('rank', sa.Integer),
    )
    for id_, made_at in op.get_bind().execute(sa.select(campaign.c.id, campaign.c.made_at)).all():
        days = (made_at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(days=1)
        op.execute(
            candidate.update()
            .where(candidate.c.campaign_id == id_)
            .values(open_until=NEVER, waits_since=made_at, rank=round(days * PLACES_A_DAY))
        )


def downgrade() -> None:
    op.execute(sa.table('candidate', sa.column('rank', sa.Integer)).update().values(rank=100))
    with op.batch_alter_table('candidate', schema=None) as batch_op:
        batch_op.drop_index('ix_candidate_opening')
        batch_op.drop_column('waits_since')
        batch_op.drop_column('open_until')
        batch_op.create_index(batch_op.f(OLD_INDEX), ['campaign_id', 'next_eligible_at', 'rank'], unique=False)
    op.drop_table('reach')
