"""What the log-in keeps of people is not kept for ever."""

from allauth.usersessions.models import UserSession
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone

from permissions import throttle

KEEP_LOG_INS_DAYS = 90


def forget_old() -> int:
    """Sessions that are over, tries that no longer count, log-ins of long ago."""
    sessions, _kinds = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    open_still = Session.objects.filter(session_key=OuterRef("session_key"))
    listed, _kinds = UserSession.objects.filter(~Exists(open_still)).delete()
    return sessions + listed + throttle.forget_old() + AxesProxyHandler.reset_logs(age_days=KEEP_LOG_INS_DAYS)
