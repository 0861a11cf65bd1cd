"""Who is served, and where: customers and premises."""
