"""The human face: pages, their view-models, components, styles and texts."""
