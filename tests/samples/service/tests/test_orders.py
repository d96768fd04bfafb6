import pytest

from app import orders
from app.models import OrderStatus, Product


@pytest.fixture
def tea(session):
    product = Product(sku="tea", title="Tea, 100 g", stock=3)
    session.add(product)
    session.flush()
    return product


def test_an_order_takes_its_items_from_the_stock(session, tea):
    orders.place(session, "ada", {"tea": 2})
    session.refresh(tea)
    assert tea.stock == 1


def test_more_than_the_stock_is_refused(session, tea):
    with pytest.raises(orders.OutOfStock):
        orders.place(session, "ada", {"tea": 4})


def test_open_orders_count_their_items(session, tea):
    placed = orders.place(session, "ada", {"tea": 2})
    assert {"id": placed.id, "customer": "ada", "items": 2} in orders.list_open(session)


def test_paying_moves_the_order_on(session, tea):
    placed = orders.place(session, "ada", {"tea": 1})
    assert orders.pay(session, placed.id).status is OrderStatus.paid
