"""What can be done with an order."""
from sqlalchemy import column, select, table, update

from app.models import Order, OrderLine, OrderStatus, Product

# A view: see migrations/versions/0003_open_orders.py.
open_orders = table("open_orders", column("id"), column("customer"), column("items"))


class OutOfStock(Exception):
    """Fewer items are left than were asked for."""


def place(session, customer, items):
    """Makes an order of items ({sku: quantity}) and takes them from the stock, all or nothing."""
    order = Order(customer=customer)
    session.add(order)
    for position, (sku, quantity) in enumerate(sorted(items.items()), start=1):
        taken = session.execute(
            update(Product)
            .where(Product.sku == sku, Product.stock >= quantity)
            .values(stock=Product.stock - quantity)
            .returning(Product.id)
        ).scalar_one_or_none()
        if taken is None:
            raise OutOfStock(sku)
        order.lines.append(OrderLine(position=position, product_id=taken, quantity=quantity))
    session.flush()
    return order


def pay(session, order_id):
    order = session.get(Order, order_id)
    order.status = OrderStatus.paid
    session.flush()
    return order


def list_open(session):
    rows = session.execute(select(open_orders.c.id, open_orders.c.customer, open_orders.c["items"]).order_by("id"))
    return [{"id": row[0], "customer": row[1], "items": row[2]} for row in rows]
