"""The words an invented town is made of. Telephone numbers lie in the range that Ireland reserves for fiction."""

FIRST_NAMES = (
    "Aoife", "Brendan", "Ciara", "Declan", "Eimear", "Fergal", "Grainne", "Hugh", "Isolde", "Jarlath", "Kathleen",
    "Lorcan", "Maeve", "Niall", "Orla", "Padraig", "Roisin", "Sean", "Tara", "Ultan", "Una", "Walter", "Yvonne",
    "Amira", "Bogdan", "Chidi", "Dorota", "Emeka", "Farah", "Goran", "Hana", "Ivo", "Jelena", "Kofi", "Lucia",
)  # fmt: skip
LAST_NAMES = (
    "Brady", "Byrne", "Carroll", "Cullen", "Daly", "Doyle", "Egan", "Farrell", "Flynn", "Gallagher", "Healy", "Hogan",
    "Keane", "Kelly", "Lynch", "Madden", "Mulvey", "Nolan", "Oakes", "Power", "Quinlan", "Reilly", "Sheehan", "Tierney",
    "Walsh", "Adeyemi", "Baric", "Cerny", "Dumitru", "Eze", "Fonseca", "Grabowski", "Horvat", "Ionescu", "Jansen",
)  # fmt: skip
#: area name, short mark used in splitter codes, and the streets; the tenth street of an area has no fibre yet.
AREAS = (
    ("Harbour", "HB", (
        "Quay Row", "Anchor Lane", "Net Loft Street", "Pilot Terrace", "Salthouse Road", "Slip Lane", "Mariner Street",
        "Ropewalk", "Beacon Road", "Breakwater Avenue")),
    ("Old Town", "OT", (
        "Market Street", "Friary Lane", "Tanner Row", "Castle Street", "Bell Lane", "Weaver Street", "Gate Street",
        "Chandler Court", "Abbey Road", "Rampart Close")),
    ("Millside", "MS", (
        "Mill Road", "Weir Lane", "Flax Street", "Sluice Walk", "Granary Row", "Willow Terrace", "Ferry Road",
        "Bleach Green", "Wheel Lane", "Racecourse View")),
    ("Hillcrest", "HC", (
        "Hill Road", "Orchard Avenue", "Rowan Park", "Beech Close", "Summit Drive", "Heather Lane", "Larch Grove",
        "Quarry Road", "Meadow Rise", "Skyline Avenue")),
)  # fmt: skip
STAFF = (
    ("sales", 2), ("installer", 4), ("dispatcher", 1), ("network", 2), ("support", 2), ("manager", 1),
    ("administrator", 1),
)  # fmt: skip
#: Who reads all and changes nothing comes from outside; chance has no part in them.
AUDITOR = ("Nessa", "Quill")
