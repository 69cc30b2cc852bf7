"""The decisions of co-selling, without a framework: states, sight, connections, shares."""
