"""``isp bench pages``: what the staff suite costs a server and its reader, at a provider's size."""
