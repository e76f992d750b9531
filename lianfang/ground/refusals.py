"""The one expected "no": a reason a person can act on, in the reader's language."""

from collections.abc import Mapping
from typing import Any, NoReturn

from django.utils.functional import Promise

Text = str | Promise
"""A message: usually ``gettext_lazy`` text, so that each reader gets it in his own language."""

GONE, FORBIDDEN, CONFLICT, UNFIT = 404, 403, 409, 422


class Refused(Exception):  # noqa: N818 - it is no error, it is an answer
    """An act was not done, and nothing was changed.

    ``code`` follows HTTP: 403 not yours to do, 404 not there for you, 409 the state or somebody else stands
    against it, 422 what was said does not fit. ``fields`` names what was wrong with which input.
    """

    def __init__(
        self,
        message: Text,
        code: int = CONFLICT,
        *,
        fields: Mapping[str, list[Text]] | None = None,
        **params: Any,
    ) -> None:
        super().__init__(message)
        self.template, self.code, self.params = message, code, params
        self.fields = dict(fields or {})

    @property
    def message(self) -> str:
        """The reason, filled in, in the language that is active now."""
        return str(self.template) % self.params if self.params else str(self.template)

    def __str__(self) -> str:
        return self.message


def refuse(message: Text, code: int = CONFLICT, **params: Any) -> NoReturn:
    """Refuse with a reason."""
    raise Refused(message, code, **params)


def refuse_if(condition: object, message: Text, code: int = CONFLICT, **params: Any) -> None:
    """Refuse with a reason if ``condition`` holds: the guard at the head of an act."""
    if condition:
        raise Refused(message, code, **params)
