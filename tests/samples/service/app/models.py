"""Tables as the service sees them."""
import enum

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Enum, ForeignKey, Identity, Index, Integer, Text
from sqlalchemy import func, text
from sqlalchemy.orm import declarative_base, relationship

Base = declarative_base()


class OrderStatus(enum.Enum):
    new = "new"
    paid = "paid"
    shipped = "shipped"
    cancelled = "cancelled"


class Product(Base):
    __tablename__ = "products"

    id = Column(BigInteger, Identity(always=True), primary_key=True)
    sku = Column(Text, nullable=False, unique=True)
    title = Column(Text, nullable=False)
    stock = Column(Integer, nullable=False, server_default="0")

    __table_args__ = (CheckConstraint("stock >= 0", name="ck_products_stock"),)


class Order(Base):
    __tablename__ = "orders"

    id = Column(BigInteger, Identity(always=True), primary_key=True)
    customer = Column(Text, nullable=False)
    status = Column(Enum(OrderStatus, name="order_status"), nullable=False, server_default="new")
    created_at = Column(DateTime(timezone=True), nullable=False, server_default=func.now())
    updated_at = Column(DateTime(timezone=True), nullable=False, server_default=func.now())

    __table_args__ = (Index("ix_orders_open", "created_at", postgresql_where=text("status IN ('new', 'paid')")),)

    lines = relationship("OrderLine", back_populates="order", order_by="OrderLine.position")


class OrderLine(Base):
    __tablename__ = "order_lines"

    order_id = Column(BigInteger, ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True)
    position = Column(Integer, primary_key=True)
    product_id = Column(BigInteger, ForeignKey("products.id"), nullable=False)
    quantity = Column(Integer, nullable=False)

    order = relationship("Order", back_populates="lines")
    product = relationship("Product")

    __table_args__ = (
        CheckConstraint("quantity > 0", name="ck_order_lines_quantity"),
        Index("ix_order_lines_product", "product_id"),
    )
