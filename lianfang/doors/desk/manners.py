"""What every answer of the desk keeps to: it is for this reader only and is not kept by anybody, it comes to no foreign
name, and a refusal that the web server would leave blank says what happened."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from . import trouble


class Manners:
    """Middleware: headers of every page, and a page for a method nobody answers."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.get_host()  # refuses a name that is not ours
        # No address of ours holds a NUL, and no column of the database takes one.
        response = trouble.not_found(request) if "\0" in request.path_info else self.answer(request)
        if response.status_code == 405 and not response.content:
            allowed = response.headers.get("Allow", "")
            response = trouble.not_that_way(request)
            response.headers["Allow"] = allowed
        response.headers["Cache-Control"] = "private, no-store"
        return response
