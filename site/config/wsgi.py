import os
import sys
from pathlib import Path

# `site/` (for `config`) is on the path by `gunicorn --pythonpath site`; the apps lie one folder up.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
