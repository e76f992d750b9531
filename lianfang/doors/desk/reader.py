"""How this reader wants the desk: language and size of text, kept in a cookie on his device. Chinese unless he says
otherwise; what the browser prefers does not count, for offices share machines set up by others."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

LANGUAGE, SIZE = "lianfang_language", "lianfang_size"
SIZES = ("1", "2", "3", "4")
YEAR = 365 * 24 * 3600


class Reader:
    """Middleware: the language of the page, for this request only."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get(LANGUAGE, "")
        language = wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            response = self.answer(request)
            response.headers.setdefault("Content-Language", language)
        return response


def size_of(request: HttpRequest) -> str:
    """The step of the text size, "1" (standard) to "4"."""
    size = request.COOKIES.get(SIZE, "1")
    return size if size in SIZES else "1"


def remember(response: HttpResponse, name: str, value: str) -> None:
    """Keep a choice on this device for a year."""
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", httponly=False)
