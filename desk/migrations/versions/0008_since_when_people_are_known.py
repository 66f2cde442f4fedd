"""since when a person and an invoice are in the books"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import ledger.database

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ('debtor', 'invoice'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('known_at', ledger.database.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for table in ('invoice', 'debtor'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column('known_at')
