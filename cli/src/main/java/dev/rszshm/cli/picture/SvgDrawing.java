package dev.rszshm.cli.picture;

import java.util.Locale;

/** A drawing as SVG, with titles that browsers show where the pointer is. */
public final class SvgDrawing implements Drawing {
  private final StringBuilder body = new StringBuilder();
  private final int width;
  private final int height;

  SvgDrawing(int width, int height) {
    this.width = width;
    this.height = height;
  }

  @Override
  public void rectangle(double x, double y, double w, double h, int colour, String title) {
    body.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"#%06x\"",
            x,
            y,
            w,
            h,
            colour));
    if (title.isEmpty()) {
      body.append("/>\n");
    } else {
      body.append("><title>").append(escape(title)).append("</title></rect>\n");
    }
  }

  @Override
  public void text(double x, double y, int size, int colour, boolean bold, String text) {
    body.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%d\" fill=\"#%06x\"%s>",
            x,
            y,
            size,
            colour,
            bold ? " font-weight=\"bold\"" : ""));
    body.append(escape(text)).append("</text>\n");
  }

  /** Escapes text for XML; characters that XML cannot have become question marks. */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> {
                  boolean possible =
                      (c >= ' ' && c < 0xd800) || (c > 0xdfff && c < 0xfffe) || c > 0xffff;
                  escaped.appendCodePoint(possible ? c : '?');
                }
              }
            });
    return escaped.toString();
  }

  /** Returns the element. */
  String element() {
    return String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d"
                + " %d\" font-family=\"system-ui, sans-serif\">%n",
            width,
            height,
            width,
            height)
        + body
        + "</svg>\n";
  }

  /** Returns a file of its own. */
  public String document() {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + element();
  }
}
