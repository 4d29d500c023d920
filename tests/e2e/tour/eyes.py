"""Cameras for a tour on machines that have none: one that sees a label which it cannot read, and
one that is not there."""

from tests.e2e.tour.stop import Visit

SEES = """() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
  const draw = canvas.getContext("2d");
  const paint = () => {
    draw.fillStyle = "#6f5334";
    draw.fillRect(0, 0, 640, 480);
    draw.fillStyle = "#c9a36a";
    draw.fillRect(40, 30, 560, 430);
    draw.fillStyle = "#f6f4ee";
    draw.fillRect(150, 110, 340, 250);
    draw.fillStyle = "#22262b";
    for (let at = 0; at < 24; at++) draw.fillRect(180 + at * 12, 150, 3 + (at * 7) % 6, 120);
    draw.fillRect(210, 300, 220, 14);
  };
  paint();
  setInterval(paint, 200);
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(10);
}"""
NONE = """() => {
  navigator.mediaDevices.getUserMedia = async () => {
    throw new DOMException("none", "NotFoundError");
  };
}"""


def camera_shows_a_label(on: Visit) -> None:
    on.page.evaluate(SEES)


def no_camera(on: Visit) -> None:
    on.page.evaluate(NONE)
