"""Open orders at a glance

Revision ID: 0003
Revises: 0002
Create Date: 2026-04-20 11:05:00
"""
import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index(
        "ix_orders_open",
        "orders",
        ["created_at"],
        postgresql_where=sa.text("status IN ('new', 'paid')"),
    )
    op.execute(
        """
        CREATE VIEW open_orders AS
        SELECT o.id, o.customer, coalesce(sum(l.quantity), 0) AS items
          FROM orders o LEFT JOIN order_lines l ON l.order_id = o.id
         WHERE o.status IN ('new', 'paid')
         GROUP BY o.id
        """
    )


def downgrade():
    op.execute("DROP VIEW open_orders")
    op.drop_index("ix_orders_open", table_name="orders")
