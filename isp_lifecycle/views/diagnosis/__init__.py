"""Why does a customer's line not work? What is known of it, read from everywhere at once, and one cause in plain words.

``seen`` is what can be known, ``rules`` say what it means, ``chain`` where on the way it goes wrong: all pure, and
without a word of where it was read. ``records``, ``device`` and ``sign_on`` read; ``asking`` has them read at the same
time, each with its limit, and tells what is known so far.
"""
