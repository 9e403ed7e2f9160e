package dev.rszshm.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.heap.memory.Memory;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The simulated memory and the real one give the same values and the same bytes. */
class MemoryAgreementTest {
  private static final int WORDS = 8;
  private static final int LENGTH = 8 * WORDS;
  private static final int KINDS = 36;

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
  void everySequenceOfAccessesDoesTheSame(@ForAll("sequences") List<Access> accesses) {
    agree(accesses);
  }

  @Provide
  Arbitrary<List<Access>> sequences() {
    return accesses().list().ofMaxSize(40);
  }

  private static void agree(List<Access> accesses) {
    List<Object> simulated = new ArrayList<>();
    byte[] simulatedBytes = new byte[LENGTH];
    Simulation.ofWords(WORDS)
        .scenario(
            s ->
                s.process(
                    "a",
                    p -> {
                      simulated.clear();
                      run(p.memory(), p.word(0), accesses, simulated);
                      p.memory().copyOut(p.word(0), simulatedBytes, 0, LENGTH);
                    }))
        .replay("");
    try (HostBytes host = new HostBytes(LENGTH)) {
      List<Object> real = new ArrayList<>();
      run(Memory.host(), host.address(), accesses, real);
      assertEquals(real, simulated);
      byte[] bytes = new byte[LENGTH];
      Memory.host().copyOut(host.address(), bytes, 0, LENGTH);
      assertArrayEquals(bytes, simulatedBytes);
    }
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
        yield java.util.Arrays.hashCode(bytes);
      }
      case 34 -> {
        long[] longs = {v, ~v, v * 31};
        int size = Math.min(2, (LENGTH - a.from) / 8);
        m.copyIn(longs, 1, b, size);
        m.copyOut(b, longs, 0, size);
        yield java.util.Arrays.hashCode(longs);
      }
      default -> {
        short[] shorts = {(short) v, (short) (v >> 16), (short) (v >> 32)};
        int size = Math.min(2, (LENGTH - a.from) / 2);
        m.copyIn(shorts, 1, b, size);
        m.copyOut(b, shorts, 0, size);
        yield java.util.Arrays.hashCode(shorts);
      }
    };
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
