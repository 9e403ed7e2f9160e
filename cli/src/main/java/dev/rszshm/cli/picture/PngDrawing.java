package dev.rszshm.cli.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** A drawing as an image, with twice as many pixels each way. */
final class PngDrawing implements Drawing {
  private static final int SCALE = 2;

  private final BufferedImage image;
  private final Graphics2D graphics;

  PngDrawing(int width, int height) {
    this.image = new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
    this.graphics = image.createGraphics();
    graphics.scale(SCALE, SCALE);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
  }

  @Override
  public void rectangle(double x, double y, double w, double h, int colour, String title) {
    graphics.setColor(new Color(colour));
    graphics.fill(new Rectangle2D.Double(x, y, w, h));
  }

  @Override
  public void text(double x, double y, int size, int colour, boolean bold, String text) {
    graphics.setColor(new Color(colour));
    graphics.setFont(new Font(Font.SANS_SERIF, bold ? Font.BOLD : Font.PLAIN, size));
    graphics.drawString(text, (float) x, (float) y);
  }

  void write(Path file) throws IOException {
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(image, "png", bytes)) {
      throw new IOException("this Java runtime cannot write PNG: use --svg");
    }
    Files.write(file, bytes.toByteArray()); // ImageIO would remove what is there
  }
}
