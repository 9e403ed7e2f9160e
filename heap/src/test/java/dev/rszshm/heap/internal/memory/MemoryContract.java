package dev.rszshm.heap.internal.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.internal.memory.Access.Order;
import dev.rszshm.heap.spi.Memory;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every {@link Memory} promises to several threads. {@link MemoryModelTest} has what it
 * promises to one.
 */
abstract class MemoryContract {
  private static final int THREADS = 4;
  private static final int ROUNDS = 50_000;

  private final Memory memory = memory();
  private final long word = NativeMemory.allocate(256);
  private final long data = word + 128;

  abstract Memory memory();

  static List<Access> ordered() {
    return Access.of(Order.OPAQUE, Order.ACQUIRE_RELEASE, Order.VOLATILE);
  }

  static List<Access> publishing() {
    return Access.of(Order.ACQUIRE_RELEASE, Order.VOLATILE);
  }

  static Stream<Access> sequential() {
    return Access.of(Order.VOLATILE).stream();
  }

  @Test
  void getAndAddLosesNoAddition() throws Exception {
    Threads.together(
        THREADS,
        thread ->
            () -> {
              for (int i = 0; i < ROUNDS; i++) {
                memory.getAndAddLong(word, thread + 1);
                memory.getAndAddInt(data, thread + 1);
              }
              return null;
            });
    long sum = (long) ROUNDS * THREADS * (THREADS + 1) / 2;
    assertEquals(sum, memory.getLong(word));
    assertEquals(sum, memory.getInt(data));
  }

  @Test
  void compareAndSetLosesNoUpdate() throws Exception {
    Threads.together(
        THREADS,
        thread ->
            () -> {
              for (int i = 0; i < ROUNDS; i++) {
                long l;
                do {
                  l = memory.getLongOpaque(word);
                } while (!memory.compareAndSetLong(word, l, l + 1));
                int n;
                do {
                  n = memory.getIntOpaque(data);
                } while (!memory.compareAndSetInt(data, n, n + 1));
              }
              return null;
            });
    assertEquals(ROUNDS * THREADS, memory.getLong(word));
    assertEquals(ROUNDS * THREADS, memory.getInt(data));
  }

  @Test
  void compareAndExchangeTellsWhatWasThere() throws Exception {
    Threads.together(
        THREADS,
        thread ->
            () -> {
              long seenLong = 0;
              int seenInt = 0;
              for (int i = 0; i < ROUNDS; i++) {
                long l;
                while ((l = memory.compareAndExchangeLong(word, seenLong, seenLong + 1))
                    != seenLong) {
                  assertTrue(l > seenLong, "a value that was there before cannot come back");
                  seenLong = l;
                }
                int n;
                while ((n = memory.compareAndExchangeInt(data, seenInt, seenInt + 1)) != seenInt) {
                  assertTrue(n > seenInt, "a value that was there before cannot come back");
                  seenInt = n;
                }
              }
              return null;
            });
    assertEquals(ROUNDS * THREADS, memory.getLong(word));
    assertEquals(ROUNDS * THREADS, memory.getInt(data));
  }

  @Test
  void getAndSetReturnsEachValueOnce() throws Exception {
    List<Long> taken =
        Threads.together(
            THREADS,
            thread ->
                () -> {
                  long sum = 0;
                  for (int i = 0; i < ROUNDS; i++) {
                    int value = i * THREADS + thread;
                    sum += memory.getAndSetLong(word, value) + memory.getAndSetInt(data, value);
                  }
                  return sum;
                });
    long left = memory.getLong(word) + memory.getInt(data);
    assertEquals(
        2 * LongStream.range(0, (long) ROUNDS * THREADS).sum(),
        left + taken.stream().mapToLong(Long::longValue).sum());
  }

  @Test
  void bitwiseUpdatesLeaveOtherBitsAlone() throws Exception {
    Threads.together(
        THREADS,
        thread ->
            () -> {
              for (int i = 0; i < ROUNDS; i++) {
                long bitOfLong = 1L << (thread * 16 + i % 16);
                assertEquals(0, memory.getAndBitwiseOrLong(word, bitOfLong) & bitOfLong);
                assertEquals(bitOfLong, memory.getAndBitwiseAndLong(word, ~bitOfLong) & bitOfLong);
                int bitOfInt = 1 << (thread * 8 + i % 8);
                assertEquals(0, memory.getAndBitwiseOrInt(data, bitOfInt) & bitOfInt);
                assertEquals(bitOfInt, memory.getAndBitwiseAndInt(data, ~bitOfInt) & bitOfInt);
              }
              return null;
            });
    assertEquals(0, memory.getLong(word));
    assertEquals(0, memory.getInt(data));
  }

  @ParameterizedTest
  @MethodSource("ordered")
  void waitingThreadSeesThePutAtLast(Access access) throws Exception {
    takeTurns(access, round -> {}, round -> {});
  }

  @ParameterizedTest
  @MethodSource("publishing")
  void whoGetsTheWordSeesTheDataPutBefore(Access access) throws Exception {
    takeTurns(
        access,
        round -> {
          for (int i = 0; i < 8; i++) {
            memory.putLong(data + 8L * i, round + i);
          }
        },
        round -> {
          for (int i = 0; i < 8; i++) {
            assertEquals(round + i, memory.getLong(data + 8L * i));
          }
        });
  }

  private interface Step {
    void in(long round);
  }

  /** Two threads hand a word to and fro; each prepares a round, puts the word, the other checks. */
  private void takeTurns(Access access, Step prepare, Step check) throws Exception {
    Threads.together(
        2,
        thread ->
            () -> {
              for (int round = 0; round < 5_000; round++) {
                long value = 1L + round % 100;
                if (round % 2 == thread) {
                  prepare.in(round);
                  access.put().to(memory, word, value);
                } else {
                  Threads.await(() -> access.get().from(memory, word) == value);
                  check.in(round);
                }
              }
              return null;
            });
  }

  /** Each of two threads puts one word and then gets the other's: one of them must see it. */
  @ParameterizedTest
  @MethodSource("sequential")
  void volatilePutComesBeforeTheNextVolatileGet(Access access) throws Exception {
    int cells = 2_000;
    int stride = 128;
    long base = NativeMemory.allocate(cells * stride);
    long turns = NativeMemory.allocate(8);
    for (int repeat = 1; repeat <= 20; repeat++) {
      memory.fill(base, (long) cells * stride, (byte) 0);
      long bothHere = 2L * repeat;
      List<long[]> seen =
          Threads.together(
              2,
              thread ->
                  () -> {
                    long[] other = new long[cells];
                    memory.getAndAddLong(turns, 1);
                    Threads.await(() -> memory.getLongVolatile(turns) == bothHere);
                    for (int i = 0; i < cells; i++) {
                      long cell = base + (long) i * stride;
                      access.put().to(memory, cell + 64L * thread, 1);
                      other[i] = access.get().from(memory, cell + 64L * (1 - thread));
                    }
                    return other;
                  });
      for (int i = 0; i < cells; i++) {
        assertTrue(seen.get(0)[i] + seen.get(1)[i] > 0, "neither thread saw the other's put");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ordered")
  void alignedValueIsNeverAMixture(Access access) throws Exception {
    long ones = -1L >>> (Long.SIZE - access.length() * Byte.SIZE);
    Threads.together(
        2,
        thread ->
            () -> {
              for (int i = 0; i < ROUNDS; i++) {
                if (thread == 0) {
                  access.put().to(memory, word, -(i % 2));
                } else {
                  long bits = access.get().from(memory, word);
                  assertTrue(bits == 0 || bits == ones, () -> Long.toHexString(bits));
                }
              }
              return null;
            });
  }

  @Test
  void onlyPrimitiveArraysAreCopied() {
    for (Object notCopied : new Object[] {new boolean[8], new String[8], "text", List.of()}) {
      Throwable in =
          assertThrows(IllegalArgumentException.class, () -> memory.copyIn(notCopied, 0, word, 1));
      assertTrue(in.getMessage().contains(notCopied.getClass().getTypeName()), in.getMessage());
      assertThrows(IllegalArgumentException.class, () -> memory.copyOut(word, notCopied, 0, 1));
    }
    assertThrows(IllegalArgumentException.class, () -> memory.copyIn(null, 0, word, 0));
    assertThrows(IllegalArgumentException.class, () -> memory.copyOut(word, null, 0, 0));
  }

  @Test
  void bulkOperationsOfNothingTouchNothing() {
    long nowhere = 8; // not mapped
    memory.copy(nowhere, nowhere, 0);
    memory.copyIn(new long[1], 1, nowhere, 0);
    memory.copyOut(nowhere, new long[1], 1, 0);
    memory.fill(nowhere, 0, (byte) 1);
    assertEquals(-1, memory.mismatch(nowhere, nowhere + 1, 0));
    assertEquals(0, memory.compare(nowhere, 0, nowhere + 1, 0));
  }
}
