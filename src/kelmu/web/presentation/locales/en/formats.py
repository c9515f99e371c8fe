"""English formats of Django's own date and number filters, the same as those of ``core.formats``."""

DATE_FORMAT = "j M Y"
SHORT_DATE_FORMAT = "j M Y"
TIME_FORMAT = "G:i"
DATETIME_FORMAT = "j M Y G:i"
SHORT_DATETIME_FORMAT = "j M Y G:i"
FIRST_DAY_OF_WEEK = 1
# Never month first: a form field reads dates by ``core.formats.parse_date``.
DATE_INPUT_FORMATS = ["%d.%m.%Y", "%d%m%Y", "%Y-%m-%d"]
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
