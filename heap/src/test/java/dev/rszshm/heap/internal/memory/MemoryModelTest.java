package dev.rszshm.heap.internal.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.heap.internal.memory.Access.Order;
import dev.rszshm.heap.spi.Memory;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Every operation of {@link Memory} does to memory what its model does to an array of bytes. */
class MemoryModelTest {
  private static final int LENGTH = 512;
  private static final long BASE = NativeMemory.allocate(LENGTH);

  private final byte[] model = new byte[LENGTH];
  private final ByteBuffer values = ByteBuffer.wrap(model).order(ByteOrder.LITTLE_ENDIAN);

  record Step(Access access, int offset, long bits) {
    int alignedOffset() {
      return access.order() == Order.PLAIN ? offset : offset & -access.length();
    }
  }

  @Provide
  Arbitrary<Memory> memories() {
    return Arbitraries.of(Implementations.HERE.stream().map(Implementations::of).toList());
  }

  @Provide
  Arbitrary<Step> steps() {
    return Combinators.combine(
            Arbitraries.of(Access.ALL),
            Arbitraries.integers().between(0, LENGTH - Long.BYTES),
            Arbitraries.longs())
        .as(Step::new);
  }

  @Property
  void getsFindWhatPutsLeft(
      @ForAll("memories") Memory memory, @ForAll @Size(max = 100) List<@From("steps") Step> steps) {
    start(memory, new byte[0]);
    for (Step step : steps) {
      int offset = step.alignedOffset();
      assertEquals(
          modelGet(offset, step.access.length()), step.access.get().from(memory, BASE + offset));
      step.access.put().to(memory, BASE + offset, step.bits);
      modelPut(offset, step.access.length(), step.bits);
      assertEquals(
          modelGet(offset, step.access.length()), step.access.get().from(memory, BASE + offset));
    }
    assertMemoryIsModel(memory);
  }

  @Property
  void atomicsOfLongsReturnTheOldValueAndPutTheNew(
      @ForAll("memories") Memory memory,
      @ForAll @Size(LENGTH) byte[] before,
      @ForAll @IntRange(max = LENGTH / Long.BYTES - 1) int index,
      @ForAll long a,
      @ForAll long b) {
    start(memory, before);
    int offset = index * Long.BYTES;
    long address = BASE + offset;
    long old = values.getLong(offset);

    assertEquals(old == a, memory.compareAndSetLong(address, a, b));
    assertPut(memory, offset, old == a ? b : old);
    start(memory, before);
    assertEquals(true, memory.compareAndSetLong(address, old, b));
    assertPut(memory, offset, b);
    start(memory, before);
    assertEquals(old, memory.compareAndExchangeLong(address, a, b));
    assertPut(memory, offset, old == a ? b : old);
    start(memory, before);
    assertEquals(old, memory.compareAndExchangeLong(address, old, b));
    assertPut(memory, offset, b);
    assertEquals(b, memory.getAndAddLong(address, a));
    assertPut(memory, offset, b + a);
    assertEquals(b + a, memory.getAndSetLong(address, old));
    assertPut(memory, offset, old);
    assertEquals(old, memory.getAndBitwiseOrLong(address, a));
    assertPut(memory, offset, old | a);
    assertEquals(old | a, memory.getAndBitwiseAndLong(address, b));
    assertPut(memory, offset, (old | a) & b);
  }

  @Property
  void atomicsOfIntsReturnTheOldValueAndPutTheNew(
      @ForAll("memories") Memory memory,
      @ForAll @Size(LENGTH) byte[] before,
      @ForAll @IntRange(max = LENGTH / Integer.BYTES - 1) int index,
      @ForAll int a,
      @ForAll int b) {
    start(memory, before);
    int offset = index * Integer.BYTES;
    long address = BASE + offset;
    int old = values.getInt(offset);

    assertEquals(old == a, memory.compareAndSetInt(address, a, b));
    assertPut(memory, offset, old == a ? b : old);
    start(memory, before);
    assertEquals(true, memory.compareAndSetInt(address, old, b));
    assertPut(memory, offset, b);
    start(memory, before);
    assertEquals(old, memory.compareAndExchangeInt(address, a, b));
    assertPut(memory, offset, old == a ? b : old);
    start(memory, before);
    assertEquals(old, memory.compareAndExchangeInt(address, old, b));
    assertPut(memory, offset, b);
    assertEquals(b, memory.getAndAddInt(address, a));
    assertPut(memory, offset, b + a);
    assertEquals(b + a, memory.getAndSetInt(address, old));
    assertPut(memory, offset, old);
    assertEquals(old, memory.getAndBitwiseOrInt(address, a));
    assertPut(memory, offset, old | a);
    assertEquals(old | a, memory.getAndBitwiseAndInt(address, b));
    assertPut(memory, offset, (old | a) & b);
  }

  @Property
  void copyMovesAlsoWhatOverlaps(
      @ForAll("memories") Memory memory,
      @ForAll @Size(LENGTH) byte[] before,
      @ForAll @IntRange(max = LENGTH) int from,
      @ForAll @IntRange(max = LENGTH) int to,
      @ForAll @IntRange(max = LENGTH) int wanted) {
    start(memory, before);
    int length = Math.min(wanted, LENGTH - Math.max(from, to));
    memory.copy(BASE + from, BASE + to, length);
    System.arraycopy(model, from, model, to, length);
    assertMemoryIsModel(memory);
  }

  @Property
  void fillPutsTheByteEverywhereInItsRangeOnly(
      @ForAll("memories") Memory memory,
      @ForAll @Size(LENGTH) byte[] before,
      @ForAll @IntRange(max = LENGTH) int offset,
      @ForAll @IntRange(max = LENGTH) int wanted,
      @ForAll byte value) {
    start(memory, before);
    int length = Math.min(wanted, LENGTH - offset);
    memory.fill(BASE + offset, length, value);
    Arrays.fill(model, offset, offset + length, value);
    assertMemoryIsModel(memory);
  }

  @Property
  void arraysAreCopiedInAndOutByElements(
      @ForAll("memories") Memory memory,
      @ForAll("arrayTypes") Class<?> type,
      @ForAll @Size(LENGTH) byte[] before,
      @ForAll @Size(LENGTH) byte[] content,
      @ForAll @IntRange(max = LENGTH) int offset,
      @ForAll @IntRange(max = 64) int index,
      @ForAll @IntRange(max = 64) int wanted) {
    start(memory, before);
    Object array = ElementArray.of(type, content);
    int length = Memory.elementLength(array);
    int capacity = Array.getLength(array);
    int first = Math.min(index, capacity);
    int size = Math.min(Math.min(wanted, capacity - first), (LENGTH - offset) / length);

    memory.copyIn(array, first, BASE + offset, size);
    System.arraycopy(content, first * length, model, offset, size * length);
    assertMemoryIsModel(memory);

    Object out = ElementArray.of(type, before);
    memory.copyOut(BASE + offset, out, first, size);
    byte[] expected = before.clone();
    System.arraycopy(content, first * length, expected, first * length, size * length);
    assertArrayEquals(expected, ElementArray.bytesOf(out));
  }

  @Provide
  Arbitrary<Class<?>> arrayTypes() {
    return Arbitraries.of(
        byte.class, short.class, char.class, int.class, float.class, long.class, double.class);
  }

  @Property
  void mismatchFindsTheFirstDifference(
      @ForAll("memories") Memory memory,
      @ForAll @Size(LENGTH / 2) byte[] content,
      @ForAll @IntRange(max = 20) int a,
      @ForAll @IntRange(max = 20) int b,
      @ForAll @IntRange(max = LENGTH / 2 - 20) int length,
      @ForAll @Size(max = 3) List<@IntRange(max = LENGTH / 2 - 21) Integer> changed,
      @ForAll byte change) {
    start(memory, content);
    memory.copy(BASE + a, BASE + LENGTH / 2 + b, length);
    for (int index : changed) {
      memory.putByte(BASE + LENGTH / 2 + b + index, change);
    }
    memory.copyOut(BASE, model, 0, LENGTH);
    int b2 = LENGTH / 2 + b;
    assertEquals(
        Arrays.mismatch(model, a, a + length, model, b2, b2 + length),
        memory.mismatch(BASE + a, BASE + b2, length));
  }

  @Property
  void compareOrdersAsUnsignedBytes(
      @ForAll("memories") Memory memory,
      @ForAll("fewLetters") byte[] a,
      @ForAll("fewLetters") byte[] b) {
    memory.copyIn(a, 0, BASE, a.length);
    memory.copyIn(b, 0, BASE + 101, b.length);
    assertEquals(
        Integer.signum(Arrays.compareUnsigned(a, b)),
        Integer.signum(memory.compare(BASE, a.length, BASE + 101, b.length)));
  }

  @Provide
  Arbitrary<byte[]> fewLetters() {
    return Arbitraries.of((byte) 0, (byte) 1, (byte) 0x80, (byte) 0xFF)
        .array(byte[].class)
        .ofMaxSize(12);
  }

  /** Gives memory and model the same content: that of the array, and zeros after it. */
  private void start(Memory memory, byte[] content) {
    Arrays.fill(model, (byte) 0);
    System.arraycopy(content, 0, model, 0, content.length);
    for (int i = 0; i < LENGTH; i++) {
      memory.putByte(BASE + i, model[i]);
    }
  }

  private void assertPut(Memory memory, int offset, long value) {
    values.putLong(offset, value);
    assertMemoryIsModel(memory);
  }

  private void assertPut(Memory memory, int offset, int value) {
    values.putInt(offset, value);
    assertMemoryIsModel(memory);
  }

  private void assertMemoryIsModel(Memory memory) {
    byte[] actual = new byte[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      actual[i] = memory.getByte(BASE + i);
    }
    assertArrayEquals(model, actual);
  }

  private long modelGet(int offset, int length) {
    long bits = 0;
    for (int i = length - 1; i >= 0; i--) {
      bits = bits << Byte.SIZE | (model[offset + i] & 0xFF);
    }
    return bits;
  }

  private void modelPut(int offset, int length, long bits) {
    for (int i = 0; i < length; i++) {
      model[offset + i] = (byte) (bits >>> (i * Byte.SIZE));
    }
  }
}
