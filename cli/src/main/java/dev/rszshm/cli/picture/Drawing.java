package dev.rszshm.cli.picture;

/** Something to draw rectangles and text on. Lengths are pixels; colours are 0xRRGGBB. */
interface Drawing {
  /** Draws a rectangle; the title is shown where the drawing can show one. */
  void rectangle(double x, double y, double width, double height, int colour, String title);

  /** Writes text that begins at a place; y is that of its base line. */
  void text(double x, double y, int size, int colour, boolean bold, String text);
}
