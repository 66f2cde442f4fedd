"""an opt-out survives its number: a hold may stand on the keyed hash alone"""

from __future__ import annotations

from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

_DEBTOR = "(CASE WHEN debtor_id IS NULL THEN 0 ELSE 1 END)"
_INVOICE = "(CASE WHEN invoice_id IS NULL THEN 0 ELSE 1 END)"
_BEFORE = f"{_DEBTOR} + (CASE WHEN e164 IS NULL THEN 0 ELSE 1 END) + {_INVOICE} = 1"
_NOW = f"{_DEBTOR} + (CASE WHEN e164 IS NULL AND number_hash IS NULL THEN 0 ELSE 1 END) + {_INVOICE} = 1"


def upgrade() -> None:
    with op.batch_alter_table('hold', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_hold_one_subject'), type_='check')
        batch_op.create_check_constraint(op.f('ck_hold_one_subject'), _NOW)
        batch_op.create_index(batch_op.f('ix_hold_number_hash'), ['number_hash'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('hold', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_hold_number_hash'))
        batch_op.drop_constraint(op.f('ck_hold_one_subject'), type_='check')
        batch_op.create_check_constraint(op.f('ck_hold_one_subject'), _BEFORE)
