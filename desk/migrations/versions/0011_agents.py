"""agents, the people who wait for them, and the tickets by which somebody comes back from them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import ledger.database

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'agent',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=40), nullable=False),
        sa.Column('phone', sa.String(length=20), nullable=False),
        sa.Column('languages', sa.JSON(), nullable=False),
        sa.Column('wanted', sa.String(length=8), nullable=False),
        sa.Column('state', sa.String(length=12), nullable=False),
        sa.Column('leg', sa.String(length=64), nullable=True),
        sa.Column('call_uuid', sa.String(length=36), nullable=True),
        sa.Column('since', ledger.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column('owner', sa.String(length=64), nullable=True),
        sa.Column('wrap_up_seconds', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_agent')),
        sa.UniqueConstraint('name', name=op.f('uq_agent_name')),
    )
    op.create_index(op.f('ix_agent_call_uuid'), 'agent', ['call_uuid'], unique=False)
    op.create_table(
        'transfer',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('call_id', sa.String(length=36), nullable=False),
        sa.Column('turn', sa.Integer(), nullable=False),
        sa.Column('why', sa.String(length=12), nullable=False),
        sa.Column('language', sa.String(length=2), nullable=False),
        sa.Column('state', sa.String(length=8), nullable=False),
        sa.Column('agent', sa.String(length=40), nullable=True),
        sa.Column('asked_at', ledger.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column('joined_at', ledger.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column('ended_at', ledger.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column('result', sa.String(length=8), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_transfer')),
        sa.UniqueConstraint('call_id', 'turn', name=op.f('uq_transfer_call_id_turn')),
    )
    op.create_index(op.f('ix_transfer_state'), 'transfer', ['state'], unique=False)
    op.add_column('entry', sa.Column('way', sa.String(length=8), server_default='first', nullable=False))


def downgrade() -> None:
    op.drop_column('entry', 'way')
    op.drop_index(op.f('ix_transfer_state'), table_name='transfer')
    op.drop_table('transfer')
    op.drop_index(op.f('ix_agent_call_uuid'), table_name='agent')
    op.drop_table('agent')
