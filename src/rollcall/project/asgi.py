"""The ASGI application that `rollcall serve` runs."""

import os
import warnings

from django.core.asgi import get_asgi_application

from rollcall.project.limits import limited

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rollcall.project.settings")

# Static files come as synchronous streams; Django reads them whole, which suits their size.
warnings.filterwarnings("ignore", "StreamingHttpResponse must consume synchronous iterators")

application = limited(get_asgi_application())
