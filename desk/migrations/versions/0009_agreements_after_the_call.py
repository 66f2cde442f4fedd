"""agreements after the call: tasks about them, the one move of an instalment"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.alter_column('kind', existing_type=sa.String(length=16), type_=sa.String(length=24))
        batch_op.alter_column('invoice_id', existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column('agreement_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('cause', sa.String(length=160), nullable=True))
        batch_op.add_column(sa.Column('urgent', sa.Boolean(), server_default=sa.text('false'), nullable=False))
        batch_op.create_foreign_key(
            batch_op.f('fk_task_agreement_id_agreement'), 'agreement', ['agreement_id'], ['id']
        )
        batch_op.create_unique_constraint(batch_op.f('uq_task_cause'), ['cause'])
        batch_op.create_index(batch_op.f('ix_task_agreement_id'), ['agreement_id'], unique=False)
    op.add_column('instalment', sa.Column('moved_from', sa.Date(), nullable=True))
    op.create_index(op.f('ix_payment_seen_at'), 'payment', ['seen_at'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_payment_seen_at'), table_name='payment')
    with op.batch_alter_table('instalment', schema=None) as batch_op:
        batch_op.drop_column('moved_from')
    # An agreement's task has no place in the older table.
    op.execute('DELETE FROM task WHERE invoice_id IS NULL')
    with op.batch_alter_table('task', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_task_agreement_id'))
        batch_op.drop_constraint(batch_op.f('uq_task_cause'), type_='unique')
        batch_op.drop_constraint(batch_op.f('fk_task_agreement_id_agreement'), type_='foreignkey')
        batch_op.drop_column('urgent')
        batch_op.drop_column('cause')
        batch_op.drop_column('agreement_id')
        batch_op.alter_column('invoice_id', existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column('kind', existing_type=sa.String(length=24), type_=sa.String(length=16))
