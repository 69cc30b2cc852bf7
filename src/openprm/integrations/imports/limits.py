"""How much one import may bring. Each limit is checked while reading, before the rest is read."""

MEGABYTE = 1024 * 1024
LARGEST_FILE = 100 * MEGABYTE
LARGEST_CELL = MEGABYTE  # characters
MOST_COLUMNS = 200
MOST_ROWS = 500_000
LARGEST_UNPACKED = 400 * MEGABYTE  # of an XLSX
HIGHEST_RATIO = 200  # unpacked to packed, of one part of an XLSX
RATIO_FROM = 10 * MEGABYTE  # small parts may be as dense as they like
MOST_PARTS = 2000
BATCH = 500
SHOWN_ROWS = 20  # row numbers kept per finding
