"""what an agent says of a call after it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('transfer', sa.Column('said', sa.String(length=12), nullable=True))


def downgrade() -> None:
    op.drop_column('transfer', 'said')
