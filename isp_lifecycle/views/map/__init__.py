"""The schematic map: OLT, card, PON port, splitter, ONT, each with how it stands; only what is opened is read."""
