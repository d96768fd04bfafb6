"""When an order was last touched

Revision ID: 0004
Revises: 0003
Create Date: 2026-06-11 16:22:00
"""
import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "orders",
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    op.execute(
        """
        CREATE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          NEW.updated_at := now();
          RETURN NEW;
        END
        $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER orders_touch BEFORE UPDATE ON orders
        FOR EACH ROW EXECUTE FUNCTION touch_updated_at()
        """
    )


def downgrade():
    op.execute("DROP TRIGGER orders_touch ON orders")
    op.execute("DROP FUNCTION touch_updated_at()")
    op.drop_column("orders", "updated_at")
