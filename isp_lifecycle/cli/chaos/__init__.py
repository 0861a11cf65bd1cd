"""``isp chaos``: a mixture of all workflows while processes are killed and devices misbehave, then the audit."""
