"""``isp doctor``: looks at every part as its users do, and says what is wrong and how to mend it."""
