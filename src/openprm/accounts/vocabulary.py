"""The industries that we know by name. Others are kept as they were written; a misspelling of a known one is repaired."""

INDUSTRIES = (
    "advertising", "aerospace", "agriculture", "automotive", "banking", "biotechnology", "chemicals", "construction", "consulting",
    "consumer goods", "defence", "education", "electronics", "employment", "energy", "engineering", "entertainment", "environment",
    "fashion", "finance", "food and beverage", "forestry", "gaming", "government", "healthcare", "hospitality", "insurance", "legal",
    "logistics", "manufacturing", "marine", "marketing", "media", "medical", "metals", "mining", "nonprofit", "oil and gas",
    "pharmaceuticals", "professional services", "publishing", "real estate", "recreation", "research", "restaurants", "retail",
    "security", "semiconductors", "services", "shipping", "software", "sports", "technology", "telecommunications", "textiles",
    "transportation", "travel", "utilities", "wholesale",
)  # fmt: skip
