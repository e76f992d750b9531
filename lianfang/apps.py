"""One Django application owns all tables."""

from django.apps import AppConfig
from django.conf import settings


class Lianfang(AppConfig):
    """Lianfang."""

    name = "lianfang"
    default = True

    def ready(self) -> None:
        """Connect the page of reactions to the notebook, and set a demo's clock."""
        from datetime import timedelta

        from lianfang import reactions
        from lianfang.ground import clock, followups, rows
        from lianfang.rooms.messages import entering as slips
        from lianfang.rooms.tokens import entering as by_token
        from lianfang.rooms.tokens import passwords

        rows.FUNCTIONS[:] = [passwords.ENTER, slips.TRY, slips.HOLD, by_token.ENTER]
        followups.connect(reactions.WHEN)
        if settings.DEMO and settings.LIANFANG_DEMO_CLOCK.exists():
            clock.move_by(timedelta(seconds=float(settings.LIANFANG_DEMO_CLOCK.read_text())))
