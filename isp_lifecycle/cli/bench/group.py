"""The command group ``isp bench``."""

from __future__ import annotations

import typer

from isp_lifecycle.cli.bench.activation import activation
from isp_lifecycle.cli.bench.discovery import discovery
from isp_lifecycle.cli.bench.engine.command import engine
from isp_lifecycle.cli.bench.ipam.command import ipam
from isp_lifecycle.cli.bench.lab import lab
from isp_lifecycle.cli.bench.map import bench_map
from isp_lifecycle.cli.bench.pages.command import pages
from isp_lifecycle.cli.bench.search.command import search

bench = typer.Typer(help="Performance, as ratios to references measured in the same run.", no_args_is_help=True)
bench.command()(activation)
bench.command()(discovery)
bench.command()(engine)
bench.command()(ipam)
bench.command()(lab)
bench.command("map")(bench_map)
bench.command()(pages)
bench.command()(search)
