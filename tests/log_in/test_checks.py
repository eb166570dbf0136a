"""What the deployment check says about the log-in."""

import pytest

from permissions.log_in.checks import check_second_factor_of_staff


@pytest.mark.parametrize(("is_set", "says"), [(True, []), (False, ["permissions.W001"])])
def test_production_is_told_that_customer_service_logs_in_by_password_alone(settings, is_set, says):
    settings.SECOND_FACTOR_FOR_STAFF = is_set
    assert [message.id for message in check_second_factor_of_staff()] == says
