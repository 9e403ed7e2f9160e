package dev.rszshm.structures.internal.worker;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Splits bytes into lines. One that is longer than the limit comes in pieces, none of which ends
 * within a character. Bytes that are no UTF-8 become U+FFFD.
 */
final class LineSplitter {
  private static final int CONTINUATION_MASK = 0xc0;
  private static final int CONTINUATION = 0x80;
  private static final int LONGEST_CHARACTER = 4;

  private final Consumer<String> lines;
  private final byte[] line;
  private int length;

  /** Splits after {@code limit} bytes at the latest. */
  LineSplitter(int limit, Consumer<String> lines) {
    this.line = new byte[limit];
    this.lines = lines;
  }

  /** Takes the first {@code count} bytes. */
  void take(byte[] bytes, int count) {
    for (int i = 0; i < count; i++) {
      byte next = bytes[i];
      if (next == '\n') {
        emit(length > 0 && line[length - 1] == '\r' ? length - 1 : length, length);
      } else {
        if (length == line.length) {
          int end = endOfWhole(next);
          emit(end, end);
        }
        line[length++] = next;
      }
    }
  }

  /** Where the last whole character of a full line ends, given the byte that follows it. */
  private int endOfWhole(byte next) {
    int end = length;
    byte first = next;
    while ((first & CONTINUATION_MASK) == CONTINUATION && length - end < LONGEST_CHARACTER) {
      first = line[--end];
    }
    return (first & CONTINUATION_MASK) == CONTINUATION || end == 0 ? length : end;
  }

  private void emit(int end, int taken) {
    String text = new String(line, 0, end, StandardCharsets.UTF_8);
    System.arraycopy(line, taken, line, 0, length - taken);
    length -= taken;
    lines.accept(text);
  }

  /** Gives away what stands there without a line feed. */
  void end() {
    if (length > 0) {
      emit(length, length);
    }
  }
}
