"""Drawing what people carry away: no framework, everything comes in words."""
