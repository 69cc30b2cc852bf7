"""The chapters of the demo after the deals: each room tells its own part through its services."""
