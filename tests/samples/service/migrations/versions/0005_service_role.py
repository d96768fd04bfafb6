"""The service works under a role of its own, which owns nothing

Revision ID: 0005
Revises: 0004
Create Date: 2026-06-12 10:40:00
"""
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("GRANT SELECT, INSERT, UPDATE ON products, orders, order_lines TO orders_app")
    op.execute("GRANT SELECT ON open_orders TO orders_app")
    # A new order begins as new, and one that was cancelled stays so.
    op.execute("ALTER TABLE orders ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY orders_read ON orders FOR SELECT TO orders_app USING (true)")
    op.execute("CREATE POLICY orders_place ON orders FOR INSERT TO orders_app WITH CHECK (status = 'new')")
    op.execute(
        """
        CREATE POLICY orders_change ON orders FOR UPDATE TO orders_app
        USING (status <> 'cancelled') WITH CHECK (true)
        """
    )


def downgrade():
    op.execute("DROP POLICY orders_change ON orders")
    op.execute("DROP POLICY orders_place ON orders")
    op.execute("DROP POLICY orders_read ON orders")
    op.execute("ALTER TABLE orders DISABLE ROW LEVEL SECURITY")
    op.execute("REVOKE ALL ON open_orders FROM orders_app")
    op.execute("REVOKE ALL ON products, orders, order_lines FROM orders_app")
