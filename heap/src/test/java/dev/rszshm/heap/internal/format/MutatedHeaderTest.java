package dev.rszshm.heap.internal.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapBuilder;
import dev.rszshm.heap.HeapInfo;
import dev.rszshm.heap.ProcSelf;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.faults.SharedMemoryDirectory;
import dev.rszshm.heap.spi.SystemCalls;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files whose header was damaged in any way: attaching either works, and then within bounds, or
 * fails with the exception of a cause. Run again with {@code -Drszshm.test.seed=…}.
 */
class MutatedHeaderTest {
  private static final int MUTANTS = Integer.getInteger("rszshm.test.mutants", 30_000);
  private static final int PAGE = SystemCalls.host().pageSize();
  private static final long SPAN = 1 << 20;
  private static final List<Integer> LONG_FIELDS =
      List.of(0, 8, 16, 24, 40, 48, 56, 64, 72, 80, 96, 112, 120, 128, 136, 256, 384);
  private static final List<Integer> INT_FIELDS = List.of(32, 36, 88, 92, 104, 108, 252, 256);

  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  @Test
  void damagedHeadersNeverEndTheProcess() throws IOException {
    long seed = Long.getLong("rszshm.test.seed", System.nanoTime());
    System.out.println("MutatedHeaderTest: seed " + seed);
    Random random = new Random(seed);
    byte[] heap = make(Heap.builder().participants(8));
    byte[] plain = make(Heap.builder().plain());
    Path path = directory.resolve("mutant");
    Map<String, Integer> outcomes = new TreeMap<>();
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      for (int i = 0; i < MUTANTS; i++) {
        byte[] mutant = mutate(random, i % 4 == 3 ? plain : heap, i);
        file.setLength(mutant.length);
        file.seek(0);
        file.write(mutant);
        String outcome =
            switch (i % 3) {
              case 0 -> attach(path, Heap.builder());
              case 1 -> attach(path, Heap.builder().readOnly());
              default -> look(path);
            };
        outcomes.merge(outcome, 1, Integer::sum);
      }
    }
    System.out.println("MutatedHeaderTest: " + outcomes);
    assertEquals(List.of(), ProcSelf.descriptorsOf(directory.toString()));
    for (String wanted :
        List.of(
            "works",
            "damaged-heap",
            "truncated-heap",
            "not-a-heap",
            "unsupported-format",
            "heap-not-ready")) {
      assertTrue(outcomes.getOrDefault(wanted, 0) > 100, () -> wanted + " in " + outcomes);
    }
  }

  private byte[] make(HeapBuilder builder) throws IOException {
    Path path = directory.resolve("original");
    try (Heap heap = builder.span(SPAN).create(path)) {
      heap.putLong(heap.dataOffset(), 42);
    }
    byte[] bytes = Files.readAllBytes(path);
    Files.delete(path);
    return bytes;
  }

  private static byte[] mutate(Random random, byte[] original, int round) {
    byte[] bytes = original.clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      change(random, bytes);
    }
    if (round % 2 == 0 && bytes.length >= HeaderLayout.HEADER_LENGTH) {
      bytes = new HeaderBytes(bytes).checked().bytes();
      if (random.nextInt(4) > 0) {
        ByteBuffer.wrap(bytes)
            .putLong(HeaderLayout.MAGIC, Long.reverseBytes(HeaderLayout.MAGIC_VALUE));
      }
    }
    if (random.nextInt(10) == 0) {
      int[] lengths = {0, 1, 23, 24, 31, 32, 4095, PAGE, bytes.length - PAGE, bytes.length + PAGE};
      int length =
          random.nextBoolean()
              ? random.nextInt(bytes.length)
              : lengths[random.nextInt(lengths.length)];
      bytes = Arrays.copyOf(bytes, Math.max(0, length));
    }
    return bytes;
  }

  private static void change(Random random, byte[] bytes) {
    HeaderBytes header = new HeaderBytes(bytes);
    int anywhere = random.nextInt(100) < 80 ? 264 : bytes.length;
    switch (random.nextInt(5)) {
      case 0 -> header.bytes()[random.nextInt(anywhere)] ^= (byte) (1 << random.nextInt(8));
      case 1 -> header.putLong(random.nextInt(anywhere / 8) * 8, random.nextLong());
      case 2 -> header.putInt(pick(random, INT_FIELDS), (int) nasty(random));
      default -> header.putLong(pick(random, LONG_FIELDS), nasty(random));
    }
    System.arraycopy(header.bytes(), 0, bytes, 0, bytes.length);
  }

  private static int pick(Random random, List<Integer> fields) {
    return fields.get(random.nextInt(fields.size()));
  }

  /** Values that lie near what is allowed, and at the ends of numbers. */
  private static long nasty(Random random) {
    long[] values = {
      0,
      1,
      -1,
      7,
      23,
      24,
      128,
      256,
      257,
      PAGE - 1,
      PAGE,
      PAGE + 1,
      2L * PAGE,
      3L * PAGE,
      65_536,
      65_537,
      SPAN - PAGE,
      SPAN,
      SPAN + 1,
      SPAN + PAGE,
      Integer.MAX_VALUE,
      Integer.MIN_VALUE,
      1L << 32,
      1L << 46,
      (1L << 47) - SPAN,
      1L << 47,
      1L << 48,
      Long.MAX_VALUE,
      Long.MIN_VALUE,
      Long.MAX_VALUE - PAGE + 1,
      Long.MIN_VALUE + PAGE,
      -PAGE,
      -128,
      0x7000_0000_0000L
    };
    long value = values[random.nextInt(values.length)];
    return random.nextInt(4) == 0 ? value + (random.nextInt(9) - 4) * 128L : value;
  }

  private static String attach(Path path, HeapBuilder builder) {
    try (Heap heap = builder.readyTimeout(Duration.ZERO).attach(path)) {
      long first = heap.dataOffset();
      assertTrue(first >= HeaderLayout.PLAIN_HEADER_LENGTH && first <= heap.mappedLength());
      for (long offset :
          new long[] {0, -8, first - 1, heap.mappedLength(), heap.span(), Long.MIN_VALUE}) {
        assertOutside(heap, offset);
      }
      heap.participants();
      if (heap.mappedLength() >= first + 8) {
        heap.getLong(first);
        heap.getLong(heap.mappedLength() - 8);
        if (!heap.isReadOnly()) {
          heap.putLong(heap.mappedLength() - 8, 1);
        }
      }
      return "works";
    } catch (HeapException e) {
      return e.kind();
    }
  }

  private static void assertOutside(Heap heap, long offset) {
    try {
      heap.getByte(offset);
    } catch (IndexOutOfBoundsException | HeapException refused) {
      return;
    }
    throw new AssertionError("offset " + offset + " can be read in " + heap);
  }

  private static String look(Path path) {
    try {
      HeapInfo info = HeapInfo.of(path);
      assertTrue(info.length() <= info.span() && info.length() <= info.fileLength());
      return "works";
    } catch (HeapException e) {
      return e.kind();
    }
  }
}
