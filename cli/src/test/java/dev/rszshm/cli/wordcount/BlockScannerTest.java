package dev.rszshm.cli.wordcount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.cli.CommandException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockScannerTest {
  /**
   * Pieces of text that touch every rule: lower case that depends on what is around, and changes
   * length.
   */
  private static final String[] PIECES = {
    "a",
    "Z",
    "9",
    " ",
    "-",
    "the",
    "Σ",
    "σ",
    "ß",
    "İ",
    "\u212a",
    "é",
    "e\u0301",
    "٣",
    "Ⅷ",
    "²",
    "中",
    "ǅ",
    "ʰ",
    "𐐀",
    "𝟘",
    "😀",
    "ﬁ",
    "\u0130\u03a3",
    "\n",
    "_",
    "\ufeff",
    "Ꭰ",
    "\u1e9e"
  };

  /** Malformed: alone, too long for what they say, surrogates, beyond Unicode, cut off. */
  private static final int[][] MALFORMED = {
    {0x80},
    {0xc0, 0x81},
    {0xc1, 0xbf},
    {0xe0, 0x80, 0xa1},
    {0xe0, 0x9f, 0xbf},
    {0xed, 0xa0, 0x80},
    {0xf0, 0x8f, 0xbf, 0xbf},
    {0xf4, 0x90, 0x80, 0x80},
    {0xf5, 0x80, 0x80, 0x80},
    {0xff},
    {0xce},
    {0xe4, 0xb8},
    {0xf0, 0x90, 0x90},
    {0xce, 0xce, 0xb1}
  };

  @TempDir Path directory;

  @Provide
  Arbitrary<byte[]> files() {
    Arbitrary<byte[]> text =
        Arbitraries.of(PIECES).map(piece -> piece.getBytes(StandardCharsets.UTF_8));
    Arbitrary<byte[]> malformed = Arbitraries.of(MALFORMED).map(BlockScannerTest::bytes);
    Arbitrary<byte[]> any = Arbitraries.bytes().array(byte[].class).ofMaxSize(4);
    Arbitrary<byte[]> word =
        Arbitraries.of("x", "ü", "字", "𐐷")
            .map(letter -> letter.repeat(30).getBytes(StandardCharsets.UTF_8));
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(12, text),
            net.jqwik.api.Tuple.of(2, malformed),
            net.jqwik.api.Tuple.of(1, any),
            net.jqwik.api.Tuple.of(1, word))
        .list()
        .ofMaxSize(60)
        .map(BlockScannerTest::join);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static byte[] join(List<byte[]> parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    parts.forEach(all::writeBytes);
    return all.toByteArray();
  }

  @Property(tries = 2000)
  void blocksOfAnyLengthGiveWhatOneThreadCounts(
      @ForAll("files") byte[] file, @ForAll @IntRange(min = 1, max = 70) int blockLength)
      throws IOException {
    Path path = Files.createTempFile("words", ".txt");
    try {
      Files.write(path, file);
      assertEquals(PlainCount.of(file), count(path, file.length, blockLength));
    } finally {
      Files.delete(path);
    }
  }

  @Test
  void everyCodePointIsClassifiedAndLoweredAsJavaDoes() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        text.appendCodePoint(c).append(c % 3 == 0 ? "." : "a").append(c % 7 == 0 ? " " : "");
      }
    }
    byte[] file = text.toString().getBytes(StandardCharsets.UTF_8);
    Path path = Files.write(directory.resolve("all"), file);
    Map<String, Long> counts = count(path, file.length, 4099);
    PlainCount.of(file).forEach((word, number) -> assertEquals(number, counts.remove(word), word));
    assertEquals(Map.of(), counts);
  }

  @Test
  void wordLongerThanManyBlocksIsCountedOnce() throws IOException {
    byte[] file = ("x " + "aÄ".repeat(100_000) + " y").getBytes(StandardCharsets.UTF_8);
    Path path = Files.write(directory.resolve("long"), file);
    Map<String, Long> counts = count(path, file.length, 1000);
    assertEquals(1, counts.remove("aä".repeat(100_000)));
    assertEquals(Map.of("x", 1L, "y", 1L), counts);
  }

  @Test
  void wordWithoutAnEndIsAnErrorThatNamesItsPlace() throws IOException {
    Path path = directory.resolve("endless");
    long length = BlockScanner.MAX_WORD_LENGTH + 1000L;
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      byte[] letters = "a".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
      file.write(". ".getBytes(StandardCharsets.US_ASCII));
      for (long written = 2; written < length; written += letters.length) {
        file.write(letters);
      }
      length = file.length();
    }
    CorpusFile file = new CorpusFile(path.toString(), length);
    try (BlockScanner scanner = new BlockScanner()) {
      Corpus.Block block = new Corpus.Block(file, 0, 100);
      CommandException e =
          assertThrows(CommandException.class, () -> scanner.scan(block, new WordTable()));
      assertEquals("word-too-long", e.kind());
      assertTrue(e.getMessage().contains(" bytes at offset 2: "), e.getMessage());
    }
  }

  @Test
  void fileThatBecameShorterIsAnError() throws IOException {
    Path path = Files.writeString(directory.resolve("short"), "one two");
    try (BlockScanner scanner = new BlockScanner()) {
      Corpus.Block block = new Corpus.Block(new CorpusFile(path.toString(), 100), 0, 100);
      CommandException e =
          assertThrows(CommandException.class, () -> scanner.scan(block, new WordTable()));
      assertEquals("input-changed", e.kind());
    }
  }

  private static Map<String, Long> count(Path path, long length, int blockLength) {
    Corpus corpus = new Corpus(List.of(new CorpusFile(path.toString(), length)), blockLength);
    Map<String, Long> counts = new HashMap<>();
    WordTable table = new WordTable();
    try (BlockScanner scanner = new BlockScanner()) {
      for (int i = 0; i < corpus.blocks(); i++) {
        table.clear();
        scanner.scan(corpus.block(i), table);
        table.lowerAll();
        for (int word = 0; word < table.size(); word++) {
          if (table.count(word) != 0) {
            int start = table.start(word);
            String text =
                new String(table.bytes(), start, table.end(word) - start, StandardCharsets.UTF_8);
            counts.merge(text, table.count(word), Long::sum);
          }
        }
      }
    }
    return counts;
  }
}
