r"""Open a GeoPackage in QGIS and report what QGIS makes of it: layers, styles, legends, pictures.

Run by the Python that QGIS comes with (``make qgis`` installs Debian's), which has none of the
project's packages, so this module imports nothing of the project and judges nothing::

    QT_QPA_PLATFORM=offscreen /usr/bin/python3 scripts/dev/qgis_look.py \
        site/data/neighbourhoods.gpkg looks

It writes ``looks/report.json`` and a picture of every layer in its own style, with the legend.
tests/test_qgis.py compares the report with the classes of the pages.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from qgis.core import (  # type: ignore[import-not-found]
    Qgis,
    QgsApplication,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsLayoutExporter,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsPrintLayout,
    QgsProject,
    QgsRenderContext,
    QgsVectorLayer,
)
from qgis.PyQt.QtXml import QDomDocument  # type: ignore[import-not-found]

LAYERS = ("lsoa", "msoa", "district", "pockets")
WIDTH_MM, HEIGHT_MM, LEGEND_MM, DPI = 240, 170, 75, 110

Record = dict[str, Any]


def main(path: Path, folder: Path) -> None:
    """Report on a GeoPackage in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with qgis():
        report = {
            "version": Qgis.QGIS_VERSION,
            "layers": {name: look(path, name, folder) for name in LAYERS},
        }
    text = json.dumps(report, ensure_ascii=False, indent=1)
    (folder / "report.json").write_text(text + "\n", encoding="utf-8")


@contextmanager
def qgis() -> Iterator[None]:
    """Start QGIS without a window, and end it."""
    application = QgsApplication([], False)
    application.initQgis()
    try:
        yield
    finally:
        QgsProject.instance().clear()
        application.exitQgis()


def look(path: Path, name: str, folder: Path) -> Record:
    """Load a layer as a user does, look at it, then at each of the styles stored with it."""
    layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
    if not layer.isValid():
        return {"valid": False}
    QgsProject.instance().addMapLayer(layer)
    first = drawn(layer, folder / f"{name}.png")
    count, ids, names, _, _ = layer.listStylesInDatabase()
    return {
        "valid": True,
        "crs": layer.crs().authid(),
        "features": layer.featureCount(),
        "invalid_shapes": sum(not each.geometry().isGeosValid() for each in layer.getFeatures()),
        "aliases": {field.name(): field.alias() for field in layer.fields()},
        "opened_with": first,
        "styles": {
            names[at]: drawn(layer, folder / f"{name}-{at + 1:02d}.png", ids[at])
            for at in sorted(range(count), key=lambda at: int(ids[at]))
        },
    }


def drawn(layer: QgsVectorLayer, picture: Path, style: str = "") -> Record:
    """Draw a layer, in a stored style where one is given, and tell its legend and its classes."""
    if style:
        apply(layer, style)
    draw(layer, picture)
    return {"legend": legend(layer), "classes": classes(layer), "labels": labels(layer)}


def apply(layer: QgsVectorLayer, style: str) -> None:
    """Give a layer one of the styles stored beside it; raise where QGIS refuses it."""
    qml, problem = layer.getStyleFromDatabase(style)
    document = QDomDocument()
    document.setContent(qml)
    done, refused = layer.importNamedStyle(document)
    if problem or not done:
        raise ValueError(f"style {style}: {problem or refused}")


def legend(layer: QgsVectorLayer) -> list[Record]:
    """List the entries of a layer's legend: label and the colours of its symbol, lowest first."""
    return [
        {
            "label": item.label(),
            "colours": [part.color().name() for part in item.symbol().symbolLayers()],
        }
        for item in layer.renderer().legendSymbolItems()
        if item.symbol() is not None
    ]


def classes(layer: QgsVectorLayer) -> dict[str, list[str]]:
    """Return the labels of the rules that QGIS draws each area by, by the area's code."""
    renderer = layer.renderer().clone()
    named = {item.ruleKey(): item.label() for item in renderer.legendSymbolItems()}
    context = QgsRenderContext()
    scopes = QgsExpressionContextUtils.globalProjectLayerScopes(layer)
    context.setExpressionContext(QgsExpressionContext(scopes))
    renderer.startRender(context, layer.fields())
    found = {}
    for area in layer.getFeatures():
        context.expressionContext().setFeature(area)
        keys = renderer.legendKeysForFeature(area, context)
        found[str(area.attributes()[1])] = sorted(named[key] for key in keys if key in named)
    renderer.stopRender(context)
    return found


def labels(layer: QgsVectorLayer) -> str:
    """Name the column that areas are labelled with, or nothing."""
    return str(layer.labeling().settings().fieldName) if layer.labelsEnabled() else ""


def draw(layer: QgsVectorLayer, picture: Path) -> None:
    """Lay a map and its legend side by side on a sheet and save it as a picture."""
    layout = QgsPrintLayout(QgsProject.instance())
    layout.initializeDefaults()
    layout.pageCollection().page(0).setPageSize(QgsLayoutSize(WIDTH_MM + LEGEND_MM, HEIGHT_MM))
    map_item = QgsLayoutItemMap(layout)
    map_item.attemptResize(QgsLayoutSize(WIDTH_MM - 10, HEIGHT_MM - 10))
    map_item.attemptMove(QgsLayoutPoint(5, 5))
    map_item.setLayers([layer])
    map_item.zoomToExtent(layer.extent())
    layout.addLayoutItem(map_item)
    layout.addLayoutItem(legend_item(layout, layer))
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = DPI
    if QgsLayoutExporter(layout).exportToImage(str(picture), settings) != QgsLayoutExporter.Success:
        raise OSError(f"QGIS could not write {picture}")


def legend_item(layout: QgsPrintLayout, layer: QgsVectorLayer) -> QgsLayoutItemLegend:
    """Make a legend of one layer, to the right of the map."""
    item = QgsLayoutItemLegend(layout)
    item.setAutoUpdateModel(False)
    root = item.model().rootGroup()
    root.clear()
    root.addLayer(layer)
    item.attemptMove(QgsLayoutPoint(WIDTH_MM, 5))
    return item


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
