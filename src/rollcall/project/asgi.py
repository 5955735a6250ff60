"""The ASGI application that `rollcall serve` runs."""

import os
import warnings

import django

from rollcall.project.bodies import VeilingHandler
from rollcall.project.limits import limited

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rollcall.project.settings")

# Static files come as synchronous streams; Django reads them whole, which suits their size.
warnings.filterwarnings("ignore", "StreamingHttpResponse must consume synchronous iterators")

django.setup(set_prefix=False)
application = limited(VeilingHandler())
