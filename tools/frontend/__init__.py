"""What the pages are made of besides templates: styles, fonts and message catalogues."""
