package dev.rszshm.cli.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.cli.SampleHeap;
import dev.rszshm.cli.check.Words.Word;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A damaged heap is never called healthy, and never brings the check down or to a standstill. A
 * thousand ways of each kind in each build, ten thousands with {@code -Pstorm}.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DamageTest {
  private static final boolean STORM = Boolean.getBoolean("dev.rszshm.storm");
  private static final int RANDOM = STORM ? 20_000 : 1000;
  private static final int CHOSEN = STORM ? 20 : 2;

  @TempDir Path directory;
  private Path path;
  private FileChannel file;
  private List<Word> words;
  private final List<String> healthy = new ArrayList<>();

  @BeforeEach
  void make() throws Exception {
    path = directory.resolve("heap");
    try (SampleHeap sample = new SampleHeap(path)) {
      sample.permits().release();
      words = Words.of(sample.heap(), sample.allocator());
    }
    file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    assertEquals("healthy", verdict());
  }

  @AfterEach
  void close() throws IOException {
    file.close();
  }

  /** What the check says; a refusal to look, with the reason, is no claim that it is healthy. */
  private String verdict() {
    try {
      return HeapCheck.of(
              path,
              p ->
                  Heap.builder()
                      .readOnly()
                      .anyAddress()
                      .foreignOwner()
                      .readyTimeout(Duration.ZERO)
                      .attach(p))
          .verdict();
    } catch (HeapException e) {
      return e.kind();
    }
  }

  private byte[] read(long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    file.read(bytes, offset);
    return bytes.array();
  }

  private void write(long offset, byte[] bytes) throws IOException {
    file.write(ByteBuffer.wrap(bytes), offset);
  }

  private static byte[] changed(byte[] bytes, int way, boolean wild, Random random) {
    byte[] other = bytes.clone();
    if (wild && bytes.length == Integer.BYTES) {
      int word = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
      int[] ways = {-1, word ^ 1 << 30, 0x5a5a_5a5a, ~word};
      ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN).putInt(ways[way % ways.length]);
      return other;
    }
    if (wild) {
      long word = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
      long far = 1L << 62; // a random word is as far away: at least this bit is another
      long[] ways = {
        -1, word ^ far, 0x5a5a_5a5a_5a5a_5a5aL, ~word, word ^ (random.nextLong() | far)
      };
      ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN).putLong(ways[way % ways.length]);
      return other;
    }
    if (way % 3 == 0) {
      int bit = random.nextInt(bytes.length * 8);
      other[bit / 8] ^= (byte) (1 << bit % 8);
    } else {
      random.nextBytes(other);
    }
    return other;
  }

  @Test
  void chosenDamageIsAlwaysFound() throws IOException {
    Random random = new Random(7);
    int ways = 0;
    for (int round = 0; round < CHOSEN; round++) {
      for (Word word : words) {
        byte[] before = read(word.offset(), word.bytes());
        byte[] after = changed(before, ways++, word.wild(), random);
        if (!java.util.Arrays.equals(before, after)) {
          write(word.offset(), after);
          String verdict = verdict();
          if (verdict.equals("healthy")) {
            healthy.add(word + " was " + hex(before) + " and is " + hex(after));
          }
          write(word.offset(), before);
        }
      }
    }
    assertEquals("healthy", verdict());
    assertTrue(healthy.isEmpty(), () -> healthy.size() + ": " + String.join("\n", healthy));
    assertTrue(ways >= 1000, "only " + ways);
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes);
  }

  @Test
  void randomDamageBringsNothingDownAndIsFoundWhereItMatters() throws IOException {
    long seed = STORM ? System.nanoTime() : 11;
    Random random = new Random(seed);
    long length = Files.size(path);
    List<long[]> data = new ArrayList<>();
    for (var range : dev.rszshm.cli.file.DataRanges.of(path, length)) {
      data.add(new long[] {range.from(), range.to()});
    }
    for (int i = 0; i < RANDOM; i++) {
      long[] range = data.get(random.nextInt(data.size()));
      long offset = range[0] + (long) (random.nextDouble() * (range[1] - range[0]));
      if (random.nextInt(3) == 0) {
        Word word = words.get(random.nextInt(words.size()));
        offset = Math.max(0, word.offset() + random.nextInt(64) - 32);
      }
      int bytes =
          (int) Math.min(1 + random.nextInt(random.nextBoolean() ? 8 : 600), length - offset);
      byte[] before = read(offset, bytes);
      byte[] after = before.clone();
      random.nextBytes(after);
      write(offset, after);
      try {
        String verdict = verdict();
        if (verdict.equals("healthy")) {
          addMissed(offset, before, after);
        }
      } catch (Throwable e) {
        throw new AssertionError(
            "seed " + seed + ", " + bytes + " bytes at " + offset + ": " + hex(after), e);
      } finally {
        write(offset, before);
      }
    }
    assertEquals("healthy", verdict());
    assertTrue(healthy.isEmpty(), () -> "seed " + seed + ": " + String.join("\n", healthy));
  }

  /** Notes words that have changed, and of which every change is to be noticed. */
  private void addMissed(long offset, byte[] before, byte[] after) {
    for (Word word : words) {
      for (int i = 0; i < word.bytes() && !word.wild(); i++) {
        long at = word.offset() + i - offset;
        if (at >= 0 && at < before.length && before[(int) at] != after[(int) at]) {
          healthy.add(word + " among " + before.length + " bytes at " + offset);
          return;
        }
      }
    }
  }

  @Test
  void truncatedFileIsDamaged() throws IOException {
    file.truncate(Files.size(path) / 2);
    assertEquals("damaged", verdict());
    file.truncate(100);
    assertEquals("damaged", verdict());
    file.truncate(0);
    assertEquals("damaged", verdict());
  }
}
