"""Pictures within pages, drawn as SVG."""
