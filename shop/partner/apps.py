"""Class-only fork. Differs: the pricing strategy (`strategy.py`)."""

from oscar.apps.partner import apps


class PartnerConfig(apps.PartnerConfig):
    name = "shop.partner"
