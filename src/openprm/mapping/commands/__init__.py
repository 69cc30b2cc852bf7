"""The commands of mapping; each module stands alone, so that none has to wait for the other's imports."""
