"""Tools around the product: set-up, demo, simulators, population. The product imports none of them."""
