"""The SCIM calls as the OpenAPI description has them, made from the SCIM schemas themselves."""

from __future__ import annotations

from typing import Any, Final

from scim2_models import Attribute

from rollcall.api.scim.resources import EnterpriseUser, Group, User

SCIM_JSON: Final = "application/scim+json"
TYPES: Final = {"boolean": "boolean", "integer": "integer", "decimal": "number"}
ERROR: Final = {
    "type": "object",
    "properties": {
        "schemas": {"type": "array", "items": {"type": "string"}},
        "status": {"type": "string"},
        "scimType": {"type": "string"},
        "detail": {"type": "string"},
    },
}
REFUSED: Final = {
    status: {"description": text, "content": {SCIM_JSON: {"schema": ERROR}}}
    for status, text in (("400", "Refused"), ("401", "No key"), ("404", "Not found"))
}
PATCH: Final = {
    "type": "object",
    "required": ["schemas", "Operations"],
    "properties": {
        "schemas": {
            "type": "array",
            "items": {"enum": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]},
        },
        "Operations": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["op"],
                "properties": {
                    "op": {"enum": ["add", "replace", "remove"]},
                    "path": {"type": "string"},
                    "value": {},
                },
            },
        },
    },
}
QUERY: Final = (
    ("filter", "string"),
    ("sortBy", "string"),
    ("sortOrder", "string"),
    ("startIndex", "integer"),
    ("count", "integer"),
    ("attributes", "string"),
    ("excludedAttributes", "string"),
)
SEARCH_BODY: Final = {
    "required": True,
    "content": {
        SCIM_JSON: {
            "schema": {
                "type": "object",
                "properties": {name: {"type": kind} for name, kind in QUERY},
            }
        }
    },
}


def single_resource(name: str, status: int = 200) -> dict[str, Any]:
    """A call that answers with one resource."""
    content = {SCIM_JSON: {"schema": _schema(name)}}
    return {"responses": {str(status): {"description": name, "content": content}, **REFUSED}}


def page(name: str) -> dict[str, Any]:
    """A call that answers with a list of resources."""
    properties = {
        "totalResults": {"type": "integer"},
        "startIndex": {"type": "integer"},
        "itemsPerPage": {"type": "integer"},
        "Resources": {"type": "array", "items": _schema(name)},
    }
    content = {SCIM_JSON: {"schema": {"type": "object", "properties": properties}}}
    return {"responses": {"200": {"description": f"{name}s", "content": content}, **REFUSED}}


def search(name: str) -> dict[str, Any]:
    """A call that answers with a page of resources that fit a filter."""
    parameters = [
        {"name": key, "in": "query", "required": False, "schema": {"type": kind}}
        for key, kind in QUERY
    ]
    return {**page(name), "parameters": parameters}


def body(name: str, status: int = 200, answers: str = "") -> dict[str, Any]:
    """A call that sends one resource (or a patch) and answers with one."""
    schema = PATCH if name == "PatchOp" else _schema(name)
    content = {kind: {"schema": schema} for kind in (SCIM_JSON, "application/json")}
    return {
        "requestBody": {"required": True, "content": content},
        **single_resource(answers or name, status),
    }


def no_answer() -> dict[str, Any]:
    """A call that answers with nothing."""
    return {"responses": {"204": {"description": "Done"}, **REFUSED}}


def _schema(name: str) -> dict[str, Any]:
    if name not in {"User", "Group"}:
        return {"type": "object", "title": name}
    model = User if name == "User" else Group
    described = model.to_schema()
    properties = _properties(described.attributes or [])
    # A common attribute of every resource (RFC 7643, 3.1), so the schema of none has it.
    properties["externalId"] = {"type": "string"}
    if name == "User":
        more = _properties(EnterpriseUser.to_schema().attributes or [])
        properties[str(EnterpriseUser.__schema__)] = {"type": "object", "properties": more}
    required = [str(each.name) for each in described.attributes or [] if each.required]
    urn = str(model.__schema__)
    properties["schemas"] = {"type": "array", "items": {"type": "string"}, "example": [urn]}
    return {"type": "object", "title": name, "required": required, "properties": properties}


def _properties(attributes: list[Attribute]) -> dict[str, Any]:
    return {str(each.name): _property(each) for each in attributes}


def _property(attribute: Attribute) -> dict[str, Any]:
    kind = str(attribute.type.value if attribute.type else "string")
    schema: dict[str, Any] = {"type": TYPES.get(kind, "string")}
    if kind == "complex":
        schema = {"type": "object", "properties": _properties(attribute.sub_attributes or [])}
    return {"type": "array", "items": schema} if attribute.multi_valued else schema
