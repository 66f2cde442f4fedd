"""what a creditor's policy was, from when on"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import ledger.database

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'policy_version',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('creditor_id', sa.Integer(), nullable=False),
        sa.Column('n', sa.Integer(), nullable=False),
        sa.Column('policy', sa.JSON(), nullable=False),
        sa.Column('from_at', ledger.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column('by', sa.String(length=64), nullable=False),
        sa.Column('note', sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ['creditor_id'], ['creditor.id'], name=op.f('fk_policy_version_creditor_id_creditor')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_policy_version')),
        sa.UniqueConstraint('creditor_id', 'n', name=op.f('uq_policy_version_creditor_id_n')),
    )


def downgrade() -> None:
    op.drop_table('policy_version')
