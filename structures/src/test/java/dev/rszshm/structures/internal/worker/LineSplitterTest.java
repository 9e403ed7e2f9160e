package dev.rszshm.structures.internal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
  private static final int LIMIT = 8;

  private final List<String> lines = new ArrayList<>();
  private final LineSplitter splitter = new LineSplitter(LIMIT, lines::add);

  private void take(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    splitter.take(bytes, bytes.length);
  }

  @Test
  void linesEndWithALineFeedOrBoth() {
    take("a\n\nb\r\nc");
    assertEquals(List.of("a", "", "b"), lines);
    splitter.end();
    assertEquals(List.of("a", "", "b", "c"), lines);
    splitter.end();
    assertEquals(4, lines.size());
  }

  @Test
  void longLineComesInPiecesThatDoNotEndWithinACharacter() {
    take("1234567\u00e4\u20ac\ud83d\ude001234567\ud83d\ude00\n");
    assertEquals(List.of("1234567", "\u00e4\u20ac", "\ud83d\ude001234", "567\ud83d\ude00"), lines);
  }

  @Test
  void lineOfTheLimitIsOnePiece() {
    take("12345678\n12345678\r\n");
    assertEquals("12345678", lines.get(0));
    assertEquals("12345678", lines.get(1));
  }

  @Test
  void bytesThatAreNoTextAreReplaced() {
    splitter.take(new byte[] {(byte) 0xff, 'x', (byte) 0xc3, '\n'}, 4);
    assertEquals(List.of("\ufffdx\ufffd"), lines);
  }

  @Property(tries = 300)
  void anyBytesInAnyPortionsGiveBoundedLines(
      @ForAll @Size(max = 200) byte[] bytes, @ForAll @IntRange(min = 1, max = 20) int portion) {
    List<String> whole = new ArrayList<>();
    List<String> parts = new ArrayList<>();
    LineSplitter inParts = new LineSplitter(LIMIT, parts::add);
    LineSplitter atOnce = new LineSplitter(LIMIT, whole::add);
    atOnce.take(bytes, bytes.length);
    atOnce.end();
    for (int from = 0; from < bytes.length; from += portion) {
      byte[] part = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + portion));
      inParts.take(part, part.length);
    }
    inParts.end();
    assertEquals(whole, parts);
    assertTrue(parts.stream().allMatch(line -> line.length() <= LIMIT), parts::toString);
  }

  @Property(tries = 300)
  void textIsWholeAgainWhenItsPiecesArePutTogether(@ForAll @Size(max = 60) List<Character> chars) {
    StringBuilder text = new StringBuilder();
    chars.stream()
        .filter(c -> !Character.isSurrogate(c) && c != '\n' && c != '\r')
        .forEach(text::append);
    List<String> parts = new ArrayList<>();
    LineSplitter inParts = new LineSplitter(LIMIT, parts::add);
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    inParts.take(bytes, bytes.length);
    inParts.end();
    assertEquals(text.toString(), String.join("", parts));
  }
}
