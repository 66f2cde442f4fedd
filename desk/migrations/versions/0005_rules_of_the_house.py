"""rules of the house"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import ledger.database

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('rules_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('document', sa.JSON(), nullable=False),
    sa.Column('from_at', ledger.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rules_version')),
    sa.UniqueConstraint('n', name=op.f('uq_rules_version_n'))
    )
    op.create_index(op.f('ix_attempt_campaign_version_id_attempt_claimed_at'), 'attempt', ['campaign_version_id', 'claimed_at'])


def downgrade() -> None:
    op.drop_index(op.f('ix_attempt_campaign_version_id_attempt_claimed_at'), table_name='attempt')
    op.drop_table('rules_version')
