"""Lists of everything that people look through: filtered, sorted, paged and exported by the database."""
