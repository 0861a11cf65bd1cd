"""``isp bench``: performance as ratios, each beside a reference that was measured in the same run."""
