"""alarms of the house: a message to ourselves, perhaps about a caller whom we don't recognise"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.alter_column('debtor_id', existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    # A message about nobody whom we know has no place in the older table.
    op.execute('DELETE FROM outbox WHERE debtor_id IS NULL')
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.alter_column('debtor_id', existing_type=sa.Integer(), nullable=False)
