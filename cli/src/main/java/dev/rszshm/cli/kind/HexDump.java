package dev.rszshm.cli.kind;

import dev.rszshm.heap.Heap;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;

/**
 * Bytes of a heap as rows of hexadecimal digits and text; rows like the one before are left out.
 */
public final class HexDump {
  private static final int ROW = 16;

  private HexDump() {}

  /** Writes up to so many rows. */
  public static void print(Heap heap, long offset, long length, PrintStream out, int most) {
    byte[] before = null;
    boolean skipping = false;
    int rows = 0;
    for (long at = 0; at < length; at += ROW) {
      byte[] bytes = heap.getBytes(offset + at, (int) Math.min(ROW, length - at));
      boolean same = Arrays.equals(bytes, before) && at + ROW < length;
      if (same && !skipping) {
        out.println("*");
      }
      skipping = same;
      if (!same) {
        if (rows++ == most) {
          out.println("… " + (length - at) + " bytes more: --most says how many rows");
          return;
        }
        out.println(row(offset + at, bytes));
      }
      before = bytes;
    }
  }

  private static String row(long offset, byte[] bytes) {
    StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%10x ", offset));
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < ROW; i++) {
      row.append(i % 8 == 0 ? " " : "");
      row.append(i < bytes.length ? String.format(Locale.ROOT, "%02x ", bytes[i]) : "   ");
      if (i < bytes.length) {
        text.append(bytes[i] >= ' ' && bytes[i] < 0x7f ? (char) bytes[i] : '.');
      }
    }
    return row.append(" |").append(text).append('|').toString();
  }
}
