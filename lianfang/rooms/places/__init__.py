"""Places 地: areas by official code, compounds, buildings, doors. A register: it says what is.

Area ▸ compound 小区 ▸ building ▸ unit ▸ door 户. An area is written by the level above it and read by all below that.
"""

from .acts import draw_building, register_area, register_compound

__all__ = ["draw_building", "register_area", "register_compound"]
