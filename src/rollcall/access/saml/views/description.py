"""What we are for one application: its metadata, for everybody to read."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from rollcall.access.saml import addresses, certificates, connections
from rollcall.access.saml.messages.metadata import Description, described
from rollcall.access.saml.models import Connection

MEDIA_TYPE = "application/samlmetadata+xml"


@require_safe
def metadata(request: HttpRequest, path: str) -> HttpResponse:
    """The metadata (SAML Metadata, 4.1): where to send people, and what we sign with."""
    connection = connections.of_path(path)
    if connection is None:
        raise Http404
    response = HttpResponse(of(connection, request), content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-cache"
    return response


def of(connection: Connection, request: HttpRequest | None = None) -> bytes:
    """The metadata for one application."""
    return described(
        Description(
            entity_id=addresses.entity_id(connection, request),
            sso_url=addresses.sso_url(connection, request),
            sign_out_url=addresses.sign_out_url(connection, request),
            certificates=[row.certificate for row in certificates.of(connection)],
            name_id_format=connection.name_id_format,
            wants_signed_requests=connection.signed_requests,
            declares_redirect=connection.declare_redirect,
        )
    )
