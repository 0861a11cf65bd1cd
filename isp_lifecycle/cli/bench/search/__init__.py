"""``isp bench search``: search from anywhere beside a million customers, and what its index costs on writing."""
