"""the ladder: a person's own tone, and what our people have to look at"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import ledger.database

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('debtor', sa.Column('tone', sa.String(length=16), nullable=True))
    op.create_table('task',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('debtor_id', sa.Integer(), nullable=False),
    sa.Column('invoice_id', sa.Integer(), nullable=False),
    sa.Column('why', sa.String(length=200), nullable=False),
    sa.Column('made_at', ledger.database.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['debtor_id'], ['debtor.id'], name=op.f('fk_task_debtor_id_debtor')),
    sa.ForeignKeyConstraint(['invoice_id'], ['invoice.id'], name=op.f('fk_task_invoice_id_invoice')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task')),
    sa.UniqueConstraint('invoice_id', 'kind', name=op.f('uq_task_invoice_id_kind'))
    )
    op.create_index(op.f('ix_task_debtor_id'), 'task', ['debtor_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_task_debtor_id'), table_name='task')
    op.drop_table('task')
    op.drop_column('debtor', 'tone')
