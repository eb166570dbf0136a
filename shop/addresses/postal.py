"""How an address is written in the countries we deliver to."""

from permissions.markets import MARKETS


class NordicAddress:
    """For Oscar's addresses: the postcode stands before the town, and the country in the reader's language."""

    def active_address_fields(self) -> list[str]:
        """The lines as on an envelope, without empty ones; first who receives (Oscar's `last_name`)."""
        town = f"{self.postcode or ''} {self.line4}".strip()
        country = MARKETS[self.country_id].name if self.country_id in MARKETS else self.country.printable_name
        lines = [self.salutation, self.line1, self.line2, self.line3, town, str(country)]
        return [line for line in lines if line]
