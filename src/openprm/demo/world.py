"""The believable world of the demo: names, places, products and people. Pure and seeded: the same world every time.

Every company is invented; every web address ends in `.example`, which belongs to nobody (RFC 2606).
"""

import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

VENDOR_NAME, VENDOR_LEGAL_NAME, VENDOR_DOMAIN = "Halden Software", "Halden Software AS", "halden.example"

COUNTRIES = {  # code: legal form, cities, time zone, locale
    "DE": ("GmbH", ("Hannover", "Leipzig", "Stuttgart", "Bremen"), "Europe/Berlin"),
    "FR": ("SAS", ("Lyon", "Nantes", "Lille", "Toulouse"), "Europe/Paris"),
    "ES": ("S.L.", ("Madrid", "Bilbao", "Sevilla", "Valencia"), "Europe/Madrid"),
    "PT": ("Lda", ("Lisboa", "Porto", "Braga"), "Europe/Lisbon"),
    "IT": ("S.r.l.", ("Milano", "Torino", "Bologna"), "Europe/Rome"),
    "FI": ("Oy", ("Helsinki", "Tampere", "Oulu"), "Europe/Helsinki"),
    "SE": ("AB", ("Stockholm", "Malmö", "Göteborg"), "Europe/Stockholm"),
    "NO": ("AS", ("Oslo", "Bergen", "Trondheim"), "Europe/Oslo"),
    "DK": ("A/S", ("København", "Aarhus", "Odense"), "Europe/Copenhagen"),
    "PL": ("Sp. z o.o.", ("Kraków", "Gdańsk", "Poznań"), "Europe/Warsaw"),
    "CZ": ("a.s.", ("Praha", "Brno", "Ostrava"), "Europe/Prague"),
    "NL": ("B.V.", ("Utrecht", "Rotterdam", "Eindhoven"), "Europe/Amsterdam"),
    "GB": ("Ltd", ("Leeds", "Bristol", "Glasgow"), "Europe/London"),
    "US": ("Inc.", ("Boston", "Denver", "Portland", "Austin"), "America/New_York"),
    "CA": ("Inc.", ("Toronto", "Montréal"), "America/Toronto"),
}
COUNTRY_WEIGHTS = {"DE": 16, "FR": 11, "ES": 10, "PT": 5, "IT": 9, "FI": 7, "SE": 8, "NO": 8, "DK": 5, "PL": 6, "CZ": 5, "NL": 6, "GB": 9, "US": 12, "CA": 3}
TERRITORIES = (  # code, name, countries
    ("nordics", "Nordics", ("FI", "SE", "NO", "DK")),
    ("dach", "Central Europe", ("DE", "PL", "CZ", "NL")),
    ("south", "Southern Europe", ("ES", "PT", "IT", "FR")),
    ("uk", "United Kingdom", ("GB",)),
    ("americas", "Americas", ("US", "CA")),
)
PRODUCT_LINES = (  # code, name, products (sku, name, list price in euro)
    ("mes", "MES Core", (("MES-1", "MES Core, one plant", 48_000), ("MES-3", "MES Core, three plants", 126_000), ("MES-Q", "MES Quality module", 22_000))),
    ("edge", "Edge Gateway", (("EDGE-S", "Edge Gateway, site licence", 6_400), ("EDGE-F", "Edge Gateway, fleet of 50", 92_000))),
    ("data", "Data Platform", (("DATA-T", "Data Platform, team", 36_000), ("DATA-E", "Data Platform, enterprise", 240_000))),
    ("observe", "Observability", (("OBS-100", "Observability, 100 hosts", 18_500), ("OBS-1K", "Observability, 1,000 hosts", 110_000))),
    ("residency", "Data Residency", (("RES-EU", "Data Residency, European Union", 54_000), ("RES-UK", "Data Residency, United Kingdom", 31_000))),
)
LINE_OF = {sku: code for code, _name, products in PRODUCT_LINES for sku, *_rest in products}
PROGRAMS = (  # code, name, motion, tiers from the lowest
    ("resell", "Halden Resell", "transact", ("Registered", "Silver", "Gold", "Platinum")),
    ("services", "Halden Services", "solution", ("Registered", "Silver", "Gold", "Platinum")),
    ("refer", "Halden Referral", "influence", ("Member", "Preferred")),
    ("build", "Halden Technology", "solution", ("Member", "Select", "Strategic")),
    ("success", "Halden Customer Success", "retain", ("Certified", "Premier")),
)
TIER_BENEFITS = {  # tier: protection days, registrations a partner may hold open, partner margin in percent
    "Registered": (60, 15, 10), "Silver": (60, 40, 15), "Gold": (90, 80, 20), "Platinum": (120, 160, 25),
    "Member": (60, 15, 5), "Preferred": (90, 50, 8), "Select": (90, 60, 15), "Strategic": (120, 120, 20),
    "Certified": (60, 25, 8), "Premier": (90, 60, 12),
}  # fmt: skip

PARTNERS = (  # name, country, type, program, tier
    ("Kallio Digital", "FI", "si", "services", "Gold"), ("Bluecrest Cloud", "ES", "reseller", "resell", "Gold"),
    ("Meridian Partners", "DE", "consultant", "services", "Platinum"), ("Sintra Systems", "PT", "reseller", "resell", "Gold"),
    ("Tessera Data", "IT", "referral", "refer", "Preferred"), ("Northlight Consulting", "SE", "consultant", "services", "Silver"),
    ("Harbour & Pine", "GB", "var", "resell", "Silver"), ("Ateliers Rochemont", "FR", "si", "services", "Gold"),
    ("Vistula Integration", "PL", "si", "services", "Silver"), ("Moravia Networks", "CZ", "reseller", "resell", "Registered"),
    ("Polder Technologie", "NL", "isv", "build", "Select"), ("Granite Peak Advisors", "US", "consultant", "refer", "Member"),
    ("Lakeshore Managed IT", "US", "msp", "success", "Premier"), ("Castell Enginyers", "ES", "si", "services", "Silver"),
    ("Fjellstad Drift", "NO", "msp", "success", "Certified"), ("Øresund Analytics", "DK", "isv", "build", "Member"),
    ("Rheinbogen Systeme", "DE", "reseller", "resell", "Platinum"), ("Spree Automation", "DE", "var", "resell", "Gold"),
    ("Isarwerk Beratung", "DE", "consultant", "refer", "Preferred"), ("Hanse Datentechnik", "DE", "reseller", "resell", "Silver"),
    ("Garonne Conseil", "FR", "consultant", "refer", "Member"), ("Bretagne Numérique", "FR", "reseller", "resell", "Silver"),
    ("Atlantique Logiciels", "FR", "isv", "build", "Strategic"), ("Duero Sistemas", "ES", "reseller", "resell", "Registered"),
    ("Levante Industrial", "ES", "distributor", "resell", "Platinum"), ("Tejo Soluções", "PT", "msp", "success", "Certified"),
    ("Alpi Informatica", "IT", "reseller", "resell", "Gold"), ("Laguna Sistemi", "IT", "si", "services", "Registered"),
    ("Po Valley Automation", "IT", "var", "resell", "Silver"), ("Saimaa Software", "FI", "isv", "build", "Member"),
    ("Pohjola Palvelut", "FI", "msp", "success", "Premier"), ("Vättern IT", "SE", "reseller", "resell", "Silver"),
    ("Norrsken Industri", "SE", "si", "services", "Gold"), ("Mälaren Konsult", "SE", "consultant", "refer", "Preferred"),
    ("Hardanger Teknologi", "NO", "reseller", "resell", "Gold"), ("Lofoten Data", "NO", "referral", "refer", "Member"),
    ("Limfjord Systemer", "DK", "reseller", "resell", "Registered"), ("Fyn Automation", "DK", "var", "resell", "Silver"),
    ("Wawel Consulting", "PL", "consultant", "refer", "Member"), ("Baltic Edge", "PL", "reseller", "resell", "Silver"),
    ("Vltava Digital", "CZ", "si", "services", "Silver"), ("Amstel Integrators", "NL", "si", "services", "Gold"),
    ("Brabant Reseller Groep", "NL", "distributor", "resell", "Gold"), ("Pennine Technology", "GB", "reseller", "resell", "Gold"),
    ("Clyde Systems", "GB", "msp", "success", "Premier"), ("Severn Advisory", "GB", "consultant", "refer", "Preferred"),
    ("Thamesgate Solutions", "GB", "si", "services", "Silver"), ("Blue Ridge Automation", "US", "var", "resell", "Silver"),
    ("Cascadia Cloud", "US", "reseller", "resell", "Gold"), ("Great Plains Systems", "US", "reseller", "resell", "Registered"),
    ("Hudson Data Works", "US", "isv", "build", "Select"), ("Lone Star Integration", "US", "si", "services", "Gold"),
    ("Mile High Consulting", "US", "consultant", "refer", "Member"), ("Bay State Managed", "US", "msp", "success", "Certified"),
    ("Laurentide Solutions", "CA", "reseller", "resell", "Silver"), ("Maple Grove Tech", "CA", "referral", "refer", "Member"),
    ("Oslofjord Advisory", "NO", "affiliate", "refer", "Member"), ("Elbe Software Haus", "DE", "isv", "build", "Select"),
    ("Costa Verde Cloud", "PT", "reseller", "resell", "Silver"), ("Toscana Servizi", "IT", "msp", "success", "Certified"),
)  # fmt: skip

SECTORS = {  # industry: words that end a company's name
    "Manufacturing": ("Steelworks", "Castings", "Precision", "Machinery", "Bearings", "Tools"),
    "Food": ("Foods", "Dairies", "Mills", "Bakeries"),
    "Health": ("Hospitals", "Clinics", "Diagnostics", "Pharma"),
    "Retail": ("Retail Group", "Stores", "Markets", "Outfitters"),
    "Logistics": ("Freight", "Logistics", "Shipping", "Cold Chain"),
    "Energy": ("Energy", "Utilities", "Windpower", "Grid"),
    "Finance": ("Insurance", "Bank", "Leasing", "Pensions"),
    "Hospitality": ("Hotels", "Resorts", "Catering"),
    "Chemicals": ("Chemicals", "Coatings", "Polymers"),
    "Construction": ("Construction", "Timber", "Cement", "Glass"),
    "Public": ("Airport", "Port Authority", "Water", "Transit"),
    "Media": ("Media", "Publishing", "Studios"),
}
STEMS = (
    "Atrium", "Lumen", "Pelican", "Brightwater", "Northwind", "Vega", "Corvin", "Ribera", "Castell", "Ostrava", "Alder", "Beacon", "Birch", "Calder", "Cedar", "Cobalt",
    "Condor", "Coral", "Crescent", "Delta", "Ember", "Falcon", "Fern", "Flint", "Forge", "Gale", "Garnet", "Glacier", "Granite", "Harbor", "Harrow", "Hazel", "Heron", "Indigo",
    "Iris", "Ironwood", "Jasper", "Juniper", "Kestrel", "Kingsley", "Lark", "Laurel", "Linden", "Lynx", "Magnolia", "Maple", "Marlin", "Meadow", "Mistral", "Monarch", "Nimbus",
    "Nordhav", "Oakmere", "Onyx", "Orchard", "Osprey", "Otter", "Palisade", "Paloma", "Peregrine", "Pinnacle", "Quarry", "Quartz", "Raven", "Redwood", "Ridgeway", "Rowan",
    "Saffron", "Sable", "Sierra", "Silverlake", "Solstice", "Sparrow", "Spruce", "Sterling", "Summit", "Sycamore", "Tamarack", "Tern", "Thistle", "Tidewater", "Topaz", "Umber",
    "Valeria", "Vantage", "Verdant", "Viola", "Vista", "Wharf", "Whitby", "Willow", "Windermere", "Wren", "Yarrow", "Zephyr", "Zinnia", "Aurora", "Boreal", "Cinder", "Dune",
)  # fmt: skip
FIRST_NAMES = (
    "Ana", "Luis", "Tomás", "Petra", "Jan", "Mika", "Aino", "Erik", "Ingrid", "Maja", "Sofia", "Elena", "Marco", "Giulia", "Pierre", "Camille", "Hugo", "Clara", "Jonas", "Lena",
    "Felix", "Hanna", "Oskar", "Freja", "Karin", "Nils", "Agnieszka", "Piotr", "Tereza", "Ondřej", "Daan", "Lotte", "Harriet", "George", "Priya", "Daniel", "Grace", "Miguel",
    "Olivia", "Noah", "Amara", "Yusuf", "Mei", "Kenji", "Leila", "Omar", "Ruth", "Samuel", "Teresa", "Viktor",
)  # fmt: skip
LAST_NAMES = (
    "Rey", "Malá", "Dvořák", "Virtanen", "Laine", "Berg", "Solberg", "Lindqvist", "Costa", "Nunes", "Rossi", "Bianchi", "Moreau", "Lefèvre", "Schmidt", "Weber", "Keller", "Braun",
    "Holm", "Jensen", "Nilsson", "Ek", "Kowalska", "Nowak", "Svoboda", "de Vries", "Jansen", "Whitfield", "Marsh", "Patel", "Reyes", "Carter", "Brooks", "Nguyen", "Okafor", "Demir",
    "Chen", "Sato", "Haddad", "Farouk", "Cohen", "Ferrand", "Alonso", "Pires", "Koskinen", "Dahl", "Strand", "Lund", "Moen", "Salo",
)  # fmt: skip
PROJECTS = {
    "mes": ("MES rollout", "plant digitalisation", "quality traceability", "second plant", "shop-floor terminals"),
    "edge": ("Edge Gateway, {n} sites", "machine connectivity", "store network", "gateway refresh"),
    "data": ("data platform", "group reporting", "forecasting platform", "data warehouse move"),
    "observe": ("observability", "incident tooling", "monitoring consolidation"),
    "residency": ("data residency", "sovereign storage", "audit readiness"),
}
VENDOR_PEOPLE = (  # name, role; the first is the sign-in link that `make demo` prints
    ("Ingrid Solberg", "vendor_admin"), ("Maja Lindqvist", "partner_manager"), ("Erik Berg", "partner_manager"), ("Harriet Marsh", "partner_manager"),
    ("Jonas Weber", "partner_manager"), ("Camille Moreau", "marketing_manager"), ("Olav Moen", "finance_manager"), ("Kari Dahl", "vendor_reader"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Customer:
    name: str
    legal_name: str
    domain: str
    country: str
    city: str
    industry: str
    employees: int
    revenue_minor: int


def slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("ø", "o").replace("Ø", "O")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def customers(count: int, chance: random.Random) -> Iterator[Customer]:
    """`count` different companies, weighted by country, with sizes spread as real ones are."""
    names = [(f"{stem} {ending}", sector) for sector, endings in SECTORS.items() for ending in endings for stem in STEMS]
    chance.shuffle(names)
    codes, weights = zip(*COUNTRY_WEIGHTS.items(), strict=True)
    for name, sector in names[:count]:
        country = chance.choices(codes, weights)[0]
        form, cities, _zone = COUNTRIES[country]
        employees = int(min(60_000, 40 * chance.paretovariate(0.9)))
        yield Customer(
            name=name,
            legal_name=f"{name} {form}",
            domain=f"{slug(name).replace('-', '')}.example",
            country=country,
            city=chance.choice(cities),
            industry=sector,
            employees=employees,
            revenue_minor=employees * chance.randint(9_000_000, 32_000_000),
        )


def person(chance: random.Random, taken: set[str]) -> str:
    """A full name that nobody in `taken` has yet."""
    while True:
        name = f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"
        if name not in taken:
            taken.add(name)
            return name
