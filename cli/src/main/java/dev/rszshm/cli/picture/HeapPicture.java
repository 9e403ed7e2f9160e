package dev.rszshm.cli.picture;

import dev.rszshm.allocator.AllocatorStatistics;
import dev.rszshm.allocator.AllocatorStatistics.SizeClassUse;
import dev.rszshm.allocator.ChunkUse.State;
import dev.rszshm.cli.Amounts;
import dev.rszshm.cli.Text;
import dev.rszshm.cli.file.DataRanges.Range;
import dev.rszshm.cli.picture.HeapMap.Cell;
import dev.rszshm.cli.picture.HeapMap.NamedPlace;
import dev.rszshm.heap.Participant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Draws a heap: span, file, chunks, sizes of blocks, roots, who is attached. */
public final class HeapPicture {
  static final int WIDTH = 1200;
  private static final int LEFT = 30;
  private static final int RIGHT = 1170;
  private static final int COLUMNS = 64;
  private static final int CELL = 11;
  private static final int LIST = LEFT + COLUMNS * CELL + 30;
  private static final int BAR = 16;
  private static final int LINE = 17;
  private static final int MOST_ROOTS = 30;
  private static final int MOST_SIZES = 52;
  private static final int MOST_PARTICIPANTS = 6;
  private static final double LABEL = 23;
  private static final int MOST_RANGES = 2000;
  private static final int MOST_LETTERS = 58;

  private static final int WHITE = 0xffffff;
  private static final int INK = 0x1f2933;
  private static final int FAINT = 0x6b7785;
  private static final int RESERVED = 0xeceff3;
  private static final int HEADER = 0x8e6bbf;
  private static final int TABLES = 0xb39ddb;
  static final int EMPTY = 0xcbe6c9;
  static final int NO_MEMORY = 0xe4e7eb;
  private static final int SLAB_LIGHT = 0xbfd9f2;
  private static final int SLAB_DARK = 0x0b4f8a;
  static final int LARGE = 0xd9822b;
  static final int CHANGING = 0xc23030;
  private static final int MEMORY = 0x3d8b5f;
  private static final int ROOT = 0x111111;

  private final HeapMap map;
  private final Drawing to;
  private double y = 34;

  private HeapPicture(HeapMap map, Drawing to) {
    this.map = map;
    this.to = to;
  }

  /** Returns the picture as a file of SVG. */
  public static String svg(HeapMap map) {
    return drawn(map).document();
  }

  private static SvgDrawing drawn(HeapMap map) {
    SvgDrawing drawing = new SvgDrawing(WIDTH, height(map));
    new HeapPicture(map, drawing).draw(height(map));
    return drawing;
  }

  /** Returns the picture in a page that loads nothing else. */
  public static String html(HeapMap map) {
    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>"
        + SvgDrawing.escape(map.path())
        + "</title>\n<style>body{margin:0;background:#fff}rect:hover{stroke:#111;stroke-width:1.5}"
        + "#tip{position:fixed;display:none;max-width:44em;padding:6px 10px;border-radius:4px;"
        + "background:#1f2933;color:#fff;font:13px system-ui,sans-serif;pointer-events:none}</style>"
        + "</head><body>\n"
        + drawn(map).element()
        + """
        <div id="tip"></div>
        <script>
        const tip = document.getElementById('tip');
        document.querySelectorAll('rect').forEach(r => {
          const title = r.querySelector('title');
          if (!title) return;
          const text = title.textContent;
          r.addEventListener('mouseenter', () => { title.textContent = ''; });
          r.addEventListener('mousemove', e => {
            tip.textContent = text;
            tip.style.display = 'block';
            tip.style.left = Math.min(e.clientX + 14, innerWidth - tip.offsetWidth - 8) + 'px';
            tip.style.top = e.clientY + 18 + 'px';
          });
          r.addEventListener('mouseleave', () => { title.textContent = text; tip.style.display = 'none'; });
        });
        </script>
        </body></html>
        """;
  }

  /** Writes the picture as PNG. */
  public static void png(HeapMap map, Path file) throws IOException {
    PngDrawing drawing = new PngDrawing(WIDTH, height(map));
    new HeapPicture(map, drawing).draw(height(map));
    drawing.write(file);
  }

  private static int rows(HeapMap map) {
    return (map.cells().size() + COLUMNS - 1) / COLUMNS;
  }

  private static int height(HeapMap map) {
    int list = 4 + Math.min(MOST_ROOTS + 1, map.roots().size());
    list += 3 + Math.min(MOST_PARTICIPANTS + 1, Math.max(1, map.participants().size()));
    int right = list * LINE;
    int sizes = map.statistics().map(s -> Math.min(MOST_SIZES, s.classes().size())).orElse(0);
    int left = rows(map) * CELL + 40 + (sizes == 0 ? 0 : 130);
    return 232 + Math.max(right, left);
  }

  private void draw(int height) {
    to.rectangle(0, 0, WIDTH, height, WHITE, "");
    to.text(LEFT, y, 19, INK, true, Text.printable(map.path()));
    y += 24;
    to.text(LEFT, y, 13, FAINT, false, summary());
    y += 26;
    drawSpan();
    drawFile();
    drawLegend();
    double top = y;
    drawCells();
    drawSizes();
    y = top;
    drawRoots();
    drawParticipants();
  }

  private String summary() {
    String text =
        Amounts.shortBytes(map.length())
            + " long, takes "
            + Amounts.shortBytes(map.memoryBytes())
            + " of memory, can grow to "
            + Amounts.shortBytes(map.span());
    return map.statistics()
        .map(
            s ->
                text
                    + ". In blocks: "
                    + Amounts.shortBytes(s.used())
                    + ". Fragmentation "
                    + percent(s.fragmentation())
                    + ", longest free row "
                    + Amounts.shortBytes(map.largestFree()))
        .orElse(text + ". No allocator: the content is a program's own");
  }

  private static String percent(double part) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * part);
  }

  private double scaled(long bytes, long of) {
    return (double) bytes / Math.max(1, of) * (RIGHT - LEFT);
  }

  private void heading(String text) {
    to.text(LEFT, y, 13, INK, true, text);
    y += 7;
  }

  private void drawSpan() {
    heading("Span: what is reserved in each process, and how much of it is the file");
    to.rectangle(
        LEFT,
        y,
        RIGHT - LEFT,
        BAR,
        RESERVED,
        "reserved, not yet used: " + Amounts.bytes(map.span() - map.length()));
    double width = Math.max(2, scaled(map.length(), map.span()));
    to.rectangle(LEFT, y, width, BAR, TABLES, "the file, " + Amounts.bytes(map.length()));
    y += BAR + 24;
  }

  private void drawFile() {
    boolean hasAllocator = map.statistics().isPresent();
    heading(
        (hasAllocator ? "File: header, tables, chunks" : "File: header, content; no allocator")
            + "; below, where it has memory");
    bar(0, map.dataOffset(), HEADER, "header and participants");
    if (hasAllocator) {
      bar(map.dataOffset(), map.chunkOffset(), TABLES, "tables of the allocator");
      bar(map.chunkOffset(), map.length(), EMPTY, "chunks");
    } else {
      bar(map.dataOffset(), map.length(), EMPTY, "content");
    }
    y += BAR + 2;
    to.rectangle(LEFT, y, RIGHT - LEFT, 7, RESERVED, "without memory");
    int shown = 0;
    for (Range range : map.memory()) {
      if (shown++ == MOST_RANGES) {
        break;
      }
      to.rectangle(
          LEFT + scaled(range.from(), map.length()),
          y,
          Math.max(0.5, scaled(range.length(), map.length())),
          7,
          MEMORY,
          "memory: " + place(range.from(), range.length()));
    }
    y += 32;
  }

  private void bar(long from, long to_, int colour, String what) {
    if (to_ > from) {
      to.rectangle(
          LEFT + scaled(from, map.length()),
          y,
          Math.max(1, scaled(to_ - from, map.length())),
          BAR,
          colour,
          what + ": " + place(from, to_ - from));
    }
  }

  private static String place(long offset, long length) {
    return "offset 0x" + Long.toHexString(offset) + ", " + Amounts.bytes(length);
  }

  private void drawLegend() {
    if (map.cells().isEmpty()) {
      return;
    }
    heading(
        "Chunks: each square is "
            + Amounts.shortBytes((double) map.chunksInCell() * 65536)
            + ", in the order of the file");
    y += 14;
    double x = LEFT;
    x = key(x, NO_MEMORY, "empty, no memory");
    x = key(x, EMPTY, "empty");
    x = key(x, slab(0), "blocks, few in use");
    x = key(x, slab(1), "all in use");
    x = key(x, LARGE, "long block");
    x = key(x, CHANGING, "being changed");
    to.rectangle(x + 3, y - 6, 4, 4, ROOT, "");
    to.text(x + 15, y, 12, INK, false, "a root");
    y += 14;
  }

  private double key(double x, int colour, String text) {
    to.rectangle(x, y - 9, 10, 10, colour, "");
    to.text(x + 15, y, 12, INK, false, text);
    return x + 34 + 7 * text.length();
  }

  private static int slab(double fill) {
    int colour = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int light = SLAB_LIGHT >> shift & 0xff;
      int dark = SLAB_DARK >> shift & 0xff;
      colour |= (int) Math.round(light + (dark - light) * fill) << shift;
    }
    return colour;
  }

  /** How far below the first row of cells a cell is. */
  private static int rowOf(int cell) {
    return cell / COLUMNS * CELL;
  }

  static int colour(Cell cell) {
    State state = cell.state();
    return switch (state) {
      case EMPTY -> EMPTY;
      case DISCARDED -> NO_MEMORY;
      case SLAB -> slab(cell.fill());
      case LARGE -> LARGE;
      case CHANGING -> CHANGING;
    };
  }

  private void drawCells() {
    List<Cell> cells = map.cells();
    for (int i = 0; i < cells.size(); i++) {
      Cell cell = cells.get(i);
      String title =
          place(cell.offset, cell.length)
              + (cell.room > 0 ? ", " + percent(cell.fillOfBlocks()) + " of the blocks in use" : "")
              + ": "
              + cell.parts;
      to.rectangle(
          LEFT + i % COLUMNS * CELL, y + rowOf(i), CELL - 1, CELL - 1, colour(cell), title);
    }
    for (NamedPlace root : map.roots()) {
      long cellLength = (long) map.chunksInCell() * 65536;
      int i = (int) ((root.offset() - map.chunkOffset()) / cellLength);
      if (root.offset() >= map.chunkOffset() && i < cells.size()) {
        to.rectangle(
            LEFT + i % COLUMNS * CELL + 3,
            y + rowOf(i) + 3,
            4,
            4,
            ROOT,
            root.name() + ", offset 0x" + Long.toHexString(root.offset()) + ": " + root.text());
      }
    }
    y += rows(map) * CELL + 26;
  }

  private void drawSizes() {
    if (map.statistics().isEmpty() || map.statistics().get().classes().isEmpty()) {
      return;
    }
    AllocatorStatistics statistics = map.statistics().get();
    heading("Bytes by size of block: in use, and free in the same slabs");
    List<SizeClassUse> sizes =
        statistics.classes().subList(0, Math.min(MOST_SIZES, statistics.classes().size()));
    long most = 1;
    for (SizeClassUse size : sizes) {
      most = Math.max(most, size.size() * size.capacity());
    }
    double step = Math.min(40, (double) (COLUMNS * CELL) / sizes.size());
    int full = 70;
    for (int i = 0; i < sizes.size(); i++) {
      SizeClassUse size = sizes.get(i);
      double room = (double) full * size.size() * size.capacity() / most;
      double used = (double) full * size.size() * size.used() / most;
      String title =
          String.format(
              Locale.ROOT,
              "%,d of %,d blocks of %,d bytes in %,d slabs",
              size.used(),
              size.capacity(),
              size.size(),
              size.slabs());
      double x = LEFT + i * step;
      to.rectangle(x, y + full - room, step - 4, room, SLAB_LIGHT, title);
      to.rectangle(x, y + full - used, step - 4, used, SLAB_DARK, title);
      if (i % (int) Math.ceil(LABEL / step) == 0) {
        to.text(x, y + full + 13, 9, FAINT, false, brief(size.size()));
      }
    }
  }

  private static String brief(int size) {
    return size < 1024 || size % 256 != 0
        ? size + ""
        : (size % 1024 == 0 ? size / 1024 + "" : String.format(Locale.ROOT, "%.1f", size / 1024.0))
            + "K";
  }

  private void list(int size, boolean bold, String text, int colour) {
    String shown = Text.printable(text);
    shown = shown.length() > MOST_LETTERS ? shown.substring(0, MOST_LETTERS - 1) + "…" : shown;
    to.text(LIST, y, size, colour, bold, shown);
    y += LINE;
  }

  private void drawRoots() {
    y += 10;
    int count = map.roots().size();
    list(13, true, count + (count == 1 ? " root" : " roots"), INK);
    for (NamedPlace root : map.roots().subList(0, Math.min(MOST_ROOTS, map.roots().size()))) {
      list(12, false, root.name() + ": " + root.text(), INK);
    }
    if (map.roots().size() > MOST_ROOTS) {
      list(12, false, "… and " + (map.roots().size() - MOST_ROOTS) + " more", FAINT);
    }
    y += LINE;
  }

  private void drawParticipants() {
    List<Participant> all = map.participants();
    list(13, true, all.size() + (all.size() == 1 ? " participant" : " participants"), INK);
    for (Participant p : all.subList(0, Math.min(MOST_PARTICIPANTS, all.size()))) {
      String state = p.alive() ? "" : ", dead";
      list(
          12,
          false,
          p.slot() + ": process " + p.pid() + " " + p.name() + state,
          p.alive() ? INK : CHANGING);
    }
    if (all.size() > MOST_PARTICIPANTS) {
      list(12, false, "… and " + (all.size() - MOST_PARTICIPANTS) + " more", FAINT);
    }
  }
}
