"""What a message says, in the language of whoever reads it: a sentence for its occasion, with its numbers and days. Free
words (an answer, what was said on the phone) stand beside it as they were written."""

from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from lianfang.ground.clock import BEIJING

from .models import Message

Occasion = Message.Occasion

SENTENCES: dict[str, str | Promise] = {
    Occasion.ORDERED: _(
        "A decision about you, %(number)s: %(days)s days, the last day is %(last_day)s. You may object."
    ),
    Occasion.OBJECTION: _("Your objection to %(number)s was answered."),
    Occasion.RELEASED: _("You are released, %(number)s. Thank you for the days you stayed at home."),
    Occasion.LODGED: _("Your request %(number)s was received; an answer is due by %(due)s."),
    Occasion.CALLED: _("You called again about request %(number)s, and were told how it stands."),
    Occasion.ACCEPTED: _("Your request %(number)s is in hand; an answer is due by %(due)s."),
    Occasion.ANSWERED: _(
        "Your request %(number)s was answered. Somebody else will call and ask whether it helped."
    ),
    Occasion.CLOSED: _("Your request %(number)s is closed. If it is not solved, say so again."),
    Occasion.WORDS: _("A word from the community"),
}


class _Said(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "–"


def sentence(message: Message) -> str:
    """The sentence of a message; a fact that is missing is said as a dash."""
    return str(SENTENCES[message.occasion]) % _Said(
        {name: _plain(value) for name, value in message.facts.items()}
    )


def _plain(value: Any) -> Any:
    """A day or a moment as people say it; anything else as it is."""
    if not isinstance(value, str) or len(value) < 10 or value[4:5] != "-":
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    local = moment.astimezone(BEIJING) if moment.tzinfo else moment
    day = date_format(date(local.year, local.month, local.day), pgettext("date format", "j M"))
    return f"{day} {local:%H:%M}" if "T" in value else day
