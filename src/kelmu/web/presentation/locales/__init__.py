"""Django's format settings for the three languages (``FORMAT_MODULE_PATH``)."""
