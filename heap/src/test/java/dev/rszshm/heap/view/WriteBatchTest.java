package dev.rszshm.heap.view;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Layouts;
import dev.rszshm.heap.errors.ReadOnlyHeapException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WriteBatchTest {
  private static final int LENGTH = 50_001;

  private Heap heap;
  private long first;
  private long word;

  @BeforeEach
  void create() {
    heap = Heap.builder().span(1 << 20).length(1 << 16).createAnonymous();
    word = heap.dataOffset();
    first = word + Layouts.SEPARATION + 3;
  }

  @AfterEach
  void close() {
    heap.close();
  }

  @Test
  void valuesOfAllTypesAreWrittenOneBehindTheOther() {
    Random random = new Random(7);
    ByteBuffer expected = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    WriteBatch batch = WriteBatch.at(heap, first, LENGTH, word);
    while (expected.remaining() >= 10_000) {
      long value = random.nextLong();
      switch (random.nextInt(8)) {
        case 0 -> batch.putByte(put(expected, (byte) value));
        case 1 -> {
          expected.putShort((short) value);
          batch.putShort((short) value);
        }
        case 2 -> {
          expected.putInt((int) value);
          batch.putInt((int) value);
        }
        case 3 -> {
          expected.putLong(value);
          batch.putLong(value);
        }
        case 4 -> {
          expected.putFloat(value);
          batch.putFloat(value);
        }
        case 5 -> {
          expected.putDouble(value);
          batch.putDouble(value);
        }
        case 6 -> {
          byte[] bytes = new byte[random.nextInt(100) == 0 ? 9_000 : 40];
          random.nextBytes(bytes);
          expected.put(bytes);
          batch.putBytes(bytes);
        }
        default -> {
          batch.publish();
          assertEquals(expected.position(), heap.getLongAcquire(word));
        }
      }
      assertEquals(expected.position(), batch.written());
    }
    batch.publish();
    assertEquals(expected.position(), heap.getLongAcquire(word));
    byte[] written = new byte[LENGTH];
    heap.getArray(first, written, 0, LENGTH);
    assertArrayEquals(expected.array(), written);
    assertEquals(0, heap.getByte(first - 1));
  }

  private static byte put(ByteBuffer into, byte value) {
    into.put(value);
    return value;
  }

  @Test
  void nothingIsWrittenBehindItsEnd() {
    WriteBatch batch = WriteBatch.at(heap, first, 17, word);
    batch.putLong(-1).putLong(-1);
    IndexOutOfBoundsException full =
        assertThrows(IndexOutOfBoundsException.class, () -> batch.putShort((short) -1));
    assertEquals(
        "a batch of 17 bytes has 1 left, and 2 are to be written: make the batch longer, or begin"
            + " another",
        full.getMessage());
    assertThrows(IndexOutOfBoundsException.class, () -> batch.putBytes(new byte[9_000]));
    assertEquals(16, batch.written());
    batch.putByte((byte) -1);
    byte[] written = new byte[18];
    heap.getArray(first, written, 0, 18);
    byte[] expected = new byte[18];
    Arrays.fill(expected, 0, 17, (byte) -1);
    assertArrayEquals(expected, written);
    assertThrows(
        IndexOutOfBoundsException.class, () -> WriteBatch.at(heap, heap.span() - 8, 9, word));
  }

  @Test
  void aReaderFindsAllThatWasPublished() throws Exception {
    FutureTask<Long> reader =
        new FutureTask<>(
            () -> {
              long wrong = 0;
              for (long seen = 0; seen < LENGTH - 1; seen = heap.getLongAcquire(word)) {
                for (long at = 0; at < seen; at += 8) {
                  wrong += heap.getLong(first + at) == at + 1 ? 0 : 1;
                }
              }
              return wrong;
            });
    new Thread(reader).start();
    WriteBatch batch = WriteBatch.at(heap, first, LENGTH, word);
    while (batch.written() < LENGTH - 1) {
      batch.putLong(batch.written() + 1);
      if (batch.written() % 1000 == 0) {
        batch.publish();
      }
    }
    batch.publish();
    assertEquals(0, reader.get());
  }

  @Test
  void whatCannotBeWrittenIsRefused() {
    try (Heap reader = Heap.builder().readOnly().anyAddress().attach(heap.path())) {
      assertThrows(ReadOnlyHeapException.class, () -> WriteBatch.at(reader, first, 8, word));
    }
    assertThrows(IllegalArgumentException.class, () -> WriteBatch.at(heap, first, 8, word + 1));
    WriteBatch batch = WriteBatch.at(heap, first, 8, word).putInt(7);
    heap.close();
    assertThrows(IllegalStateException.class, batch::publish);
    assertThrows(IllegalStateException.class, () -> batch.putInt(8));
  }
}
