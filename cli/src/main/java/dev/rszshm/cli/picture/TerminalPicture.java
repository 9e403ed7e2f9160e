package dev.rszshm.cli.picture;

import dev.rszshm.allocator.ChunkUse.State;
import dev.rszshm.cli.Amounts;
import dev.rszshm.cli.picture.HeapMap.Cell;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** Draws a heap in letters, a line for 64 cells, with colours where the terminal has some. */
public final class TerminalPicture {
  private static final int COLUMNS = 64;

  private TerminalPicture() {}

  /** Draws it. */
  public static void print(HeapMap map, PrintStream out, Ansi colours) {
    double part = 100.0 * map.length() / map.span();
    out.printf(
        Locale.ROOT,
        "span   %s, the file is %s of it (%.1f %%), %s with memory%n",
        Amounts.shortBytes(map.span()),
        Amounts.shortBytes(map.length()),
        part,
        Amounts.shortBytes(map.memoryBytes()));
    if (map.statistics().isEmpty()) {
      out.printf(
          Locale.ROOT,
          "file   header to 0x%x, then content: there is no allocator%n",
          map.dataOffset());
      return;
    }
    out.printf(
        Locale.ROOT,
        "file   header to 0x%x, tables to 0x%x, then chunks%n",
        map.dataOffset(),
        map.chunkOffset());
    map.statistics()
        .ifPresent(
            s ->
                out.printf(
                    Locale.ROOT,
                    "use    %s in blocks, fragmentation %.0f %%, longest free row %s%n",
                    Amounts.shortBytes(s.used()),
                    100 * s.fragmentation(),
                    Amounts.shortBytes(map.largestFree())));
    if (map.cells().isEmpty()) {
      return;
    }
    out.printf(
        Locale.ROOT,
        "%neach letter %s: ' ' no memory  · empty  ░▒▓█ blocks by fill  ■ long block  ? changing%n",
        Amounts.shortBytes((double) map.chunksInCell() * 65536));
    List<Cell> cells = map.cells();
    for (int row = 0; row < cells.size(); row += COLUMNS) {
      StringBuilder line =
          new StringBuilder(String.format(Locale.ROOT, "%12x ", cells.get(row).offset));
      for (Cell cell : cells.subList(row, Math.min(row + COLUMNS, cells.size()))) {
        line.append(letter(cell, colours));
      }
      out.println(line);
    }
  }

  private static String letter(Cell cell, Ansi colours) {
    State state = cell.state();
    return switch (state) {
      case DISCARDED -> " ";
      case EMPTY -> colours.string("@|green ·|@");
      case LARGE -> colours.string("@|yellow ■|@");
      case CHANGING -> colours.string("@|red ?|@");
      case SLAB -> {
        int step = Math.min(3, (int) (cell.fill() * 4));
        yield colours.string("@|blue " + "░▒▓█".charAt(step) + "|@");
      }
    };
  }
}
