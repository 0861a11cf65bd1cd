"""Small pieces that the displays share."""

from datetime import datetime, timedelta

RULE = "  " + "-" * 77
LONG_RULE = "  " + "-" * 78
BLOCK_RULE = "   " + "-" * 76
VALUE_WIDTH = 51


def stamp(at: datetime | None) -> str:
    """Return an instant as the device prints it, or a dash."""
    return "-" if at is None else f"{at:%Y-%m-%d %H:%M:%S%:z}"


def short_stamp(at: datetime | None) -> str:
    """Return an instant without its zone, or a dash."""
    return "-" if at is None else f"{at:%Y-%m-%d %H:%M:%S}"


def lasted(span: timedelta) -> str:
    """Return a duration as the device prints it."""
    minutes, seconds = divmod(max(0, int(span.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"{days} day(s), {hours} hour(s), {minutes} minute(s), {seconds} second(s)"


def pair(key: str, value: object, *, width: int = 24) -> str:
    """Return a `key : value` line; a long value wraps under its own beginning."""
    text = str(value)
    indent = " " * (width + 4)
    parts = [text[n : n + VALUE_WIDTH] for n in range(0, len(text), VALUE_WIDTH)] or [""]
    return f"  {key:<{width}}: " + f"\n{indent}".join(parts)


def wrapped(line: str, *, width: int = 78) -> str:
    """Wrap a configuration line at a blank; what follows begins in column 0, as the device does it."""
    if len(line) <= width:
        return line
    cut = line.rfind(" ", 1, width + 1)
    return line if cut <= 0 else f"{line[:cut]}\n{wrapped(line[cut + 1 :], width=width)}"


def dash(value: object | None) -> str:
    """Return a value, or a dash for none."""
    return "-" if value is None else str(value)
