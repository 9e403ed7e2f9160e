package dev.rszshm.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.heap.spi.Memory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** The simulated memory and the real one give the same values and the same bytes. */
class MemoryAgreementTest {
  private static final int WORDS = 8;
  private static final int LENGTH = 8 * WORDS;
  private static final int KINDS = 37;

  /** Of bytes, shorts, chars, ints, longs, floats and doubles. */
  private static final int[] ELEMENT_LENGTHS = {1, 2, 2, 4, 8, 4, 8};

  /** One access; {@code from} is any offset, {@code to} the other place of a copy. */
  record Access(int kind, int from, int to, int length, long value) {}

  @Provide
  Arbitrary<Access> accesses() {
    Arbitrary<Integer> offset = Arbitraries.integers().between(0, LENGTH - 1);
    return Combinators.combine(
            Arbitraries.integers().between(0, KINDS - 1),
            offset,
            offset,
            Arbitraries.integers().between(0, LENGTH),
            Arbitraries.longs())
        .as(Access::new);
  }

  @Property(tries = 500)
  void everySequenceOfAccessesDoesTheSame(
      @ForAll("sequences") List<Access> accesses, @ForAll @IntRange(min = 1, max = 5) int parts) {
    try (HostBytes host = new HostBytes(LENGTH)) {
      List<Object> real = new ArrayList<>();
      run(Memory.host(), host.address(), accesses, real);
      simulation(accesses, real, host.content()).bulkSteps(parts).replay("");
    }
  }

  /** Weak memory is about what others see: a process alone always gets the last value. */
  @Property(tries = 200)
  void aProcessAloneSeesNothingOfWeakMemory(
      @ForAll("sequences") List<Access> accesses, @ForAll long seed) {
    try (HostBytes host = new HostBytes(LENGTH)) {
      List<Object> real = new ArrayList<>();
      run(Memory.host(), host.address(), accesses, real);
      simulation(accesses, real, host.content()).staleLoads(3).random(seed, 3);
    }
  }

  @Provide
  Arbitrary<List<Access>> sequences() {
    return accesses().list().ofMaxSize(40);
  }

  /** One process makes the accesses, and must find what the real one found. */
  private static Simulation simulation(List<Access> accesses, List<Object> real, byte[] content) {
    return Simulation.ofWords(WORDS)
        .scenario(
            s -> {
              List<Object> results = new ArrayList<>();
              s.process("a", p -> run(p.memory(), p.word(0), accesses, results));
              s.check(
                  p -> {
                    assertEquals(real, results);
                    byte[] bytes = new byte[LENGTH];
                    p.memory().copyOut(p.word(0), bytes, 0, LENGTH);
                    assertArrayEquals(content, bytes);
                  });
            });
  }

  private static void run(Memory m, long base, List<Access> accesses, List<Object> results) {
    for (Access access : accesses) {
      int length = Math.min(access.length, LENGTH - Math.max(access.from, access.to));
      results.add(run(m, base, access, Math.max(0, length)));
    }
  }

  /** The access at {@code base + from}, moved down to fit and aligned where it must be. */
  private static Object run(Memory m, long base, Access a, int length) {
    long v = a.value;
    long b = base + a.from;
    long s = base + Math.min(a.from, LENGTH - 2);
    long i = base + Math.min(a.from, LENGTH - 4);
    long l = base + Math.min(a.from, LENGTH - 8);
    long s2 = s & -2;
    long i4 = i & -4;
    long l8 = l & -8;
    return switch (a.kind) {
      case 0 -> m.getByte(b);
      case 1 -> m.getShort(s);
      case 2 -> m.getInt(i);
      case 3 -> m.getLong(l);
      case 4 -> done(() -> m.putByte(b, (byte) v));
      case 5 -> done(() -> m.putShort(s, (short) v));
      case 6 -> done(() -> m.putInt(i, (int) v));
      case 7 -> done(() -> m.putLong(l, v));
      case 8 -> List.of(m.getByteOpaque(b), m.getByteAcquire(b), m.getByteVolatile(b));
      case 9 -> List.of(m.getShortOpaque(s2), m.getShortAcquire(s2), m.getShortVolatile(s2));
      case 10 -> List.of(m.getIntOpaque(i4), m.getIntAcquire(i4), m.getIntVolatile(i4));
      case 11 -> List.of(m.getLongOpaque(l8), m.getLongAcquire(l8), m.getLongVolatile(l8));
      case 12 -> done(() -> m.putByteOpaque(b, (byte) v));
      case 13 -> done(() -> m.putByteRelease(b, (byte) v));
      case 14 -> done(() -> m.putByteVolatile(b, (byte) v));
      case 15 -> done(() -> m.putShortOpaque(s2, (short) v));
      case 16 -> done(() -> m.putShortRelease(s2, (short) v));
      case 17 -> done(() -> m.putShortVolatile(s2, (short) v));
      case 18 -> done(() -> m.putIntOpaque(i4, (int) v));
      case 19 -> done(() -> m.putIntRelease(i4, (int) v));
      case 20 -> done(() -> m.putIntVolatile(i4, (int) v));
      case 21 -> done(() -> m.putLongOpaque(l8, v));
      case 22 -> done(() -> m.putLongRelease(l8, v));
      case 23 -> done(() -> m.putLongVolatile(l8, v));
      case 24 ->
          List.of(
              m.compareAndSetInt(i4, (int) v, 1),
              m.compareAndSetInt(i4, m.getInt(i4), (int) v),
              m.compareAndExchangeInt(i4, (int) v, (int) ~v),
              m.compareAndExchangeInt(i4, (int) v, 7));
      case 25 ->
          List.of(
              m.compareAndSetLong(l8, v, 1),
              m.compareAndSetLong(l8, m.getLong(l8), v),
              m.compareAndExchangeLong(l8, v, ~v),
              m.compareAndExchangeLong(l8, v, 7));
      case 26 -> List.of(m.getAndAddInt(i4, (int) v), m.getAndSetInt(i4, (int) v));
      case 27 -> List.of(m.getAndAddLong(l8, v), m.getAndSetLong(l8, ~v));
      case 28 ->
          List.of(m.getAndBitwiseOrInt(i4, (int) v), m.getAndBitwiseAndInt(i4, (int) (v >>> 32)));
      case 29 -> List.of(m.getAndBitwiseOrLong(l8, v), m.getAndBitwiseAndLong(l8, v >> 7));
      case 30 -> done(() -> m.copy(b, base + a.to, length));
      case 31 -> done(() -> m.fill(b, length, (byte) v));
      case 32 -> copyIn(m, b, length, v);
      case 33 -> {
        byte[] bytes = new byte[length + 2];
        m.copyOut(b, bytes, 1, length);
        yield Arrays.hashCode(bytes);
      }
      case 34 -> copyArray(m, b, a.to % ELEMENT_LENGTHS.length, v, LENGTH - a.from);
      case 35 -> List.of(m.mismatch(b, base + a.to, length), m.compare(b, length, l8, 8));
      default ->
          done(
              () -> {
                m.acquireFence();
                m.releaseFence();
                m.fullFence();
              });
    };
  }

  /** Three elements, of the type with that number in {@link #ELEMENT_LENGTHS}. */
  private static Object array(int type, long v) {
    return switch (type) {
      case 0 -> new byte[] {(byte) v, (byte) (v >> 8), (byte) (v >> 16)};
      case 1 -> new short[] {(short) v, (short) (v >> 16), (short) (v >> 32)};
      case 2 -> new char[] {(char) v, (char) (v >> 16), (char) (v >> 32)};
      case 3 -> new int[] {(int) v, (int) (v >> 16), (int) (v >> 32)};
      case 4 -> new long[] {v, ~v, v * 31};
      case 5 -> new float[] {v, 1f / v, Float.intBitsToFloat((int) v)};
      default -> new double[] {v, 1d / v, Double.longBitsToDouble(v)};
    };
  }

  /** Copies the last two elements to memory, and from there over the first two. */
  private static Object copyArray(Memory m, long to, int type, long v, int room) {
    Object array = array(type, v);
    int size = Math.min(2, room / ELEMENT_LENGTHS[type]);
    m.copyIn(array, 1, to, size);
    m.copyOut(to, array, 0, size);
    return Arrays.deepToString(new Object[] {array});
  }

  private static Object copyIn(Memory m, long to, int length, long seed) {
    byte[] bytes = new byte[length + 3];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (seed >>> (i & 63));
    }
    m.copyIn(bytes, 2, to, length);
    return length;
  }

  private static Object done(Runnable access) {
    access.run();
    return "";
  }
}
