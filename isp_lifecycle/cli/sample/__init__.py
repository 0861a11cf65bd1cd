"""The sample town in the database: imported from its files by the same way in as real data, for the demo only."""
