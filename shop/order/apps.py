"""Full fork. Differs: an order belongs to a clinic, carries its references, has a number from a sequence, and its
status moves the stock (`processing.py`)."""

from oscar.apps.order import apps


class OrderConfig(apps.OrderConfig):
    name = "shop.order"

    @property
    def customer_urls(self):
        from shop.order import urls

        return urls
