package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.errors.ReadOnlyHeapException;
import dev.rszshm.heap.faults.SharedMemoryDirectory;
import dev.rszshm.heap.view.ElementType;
import dev.rszshm.heap.view.RegionChannel;
import dev.rszshm.heap.view.TypedArray;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleConsumer;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;
import java.util.function.LongConsumer;
import java.util.function.LongToDoubleFunction;
import java.util.function.LongToIntFunction;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every method that takes an offset, at both ends of a heap and of a region, and far outside. */
class AccessBoundsTest {
  private static final long SPAN = 1 << 20;
  private static final int BULK = 24;
  private static final List<Class<?>> LAYERS =
      List.of(
          PlainAccess.class,
          OrderedAccess.class,
          AtomicAccess.class,
          ValueAccess.class,
          BulkAccess.class,
          SequenceAccess.class,
          Region.class);

  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  private Heap heap;
  private Region region;

  @BeforeEach
  void create() {
    heap = Heap.builder().span(SPAN).create(directory.resolve("heap"));
    region = heap.region(heap.dataOffset() + 64, 1000);
  }

  @AfterEach
  void close() {
    heap.close();
  }

  /** One access method: how many bytes it touches, whether it writes, what it asks of an offset. */
  record Access(Method method, int length, boolean writes, boolean aligned) {
    void on(Region target, long offset) throws Throwable {
      Object[] arguments = new Object[method.getParameterCount()];
      Class<?>[] types = method.getParameterTypes();
      arguments[0] = types[0].isArray() ? new long[] {offset} : offset;
      for (int i = 1; i < types.length; i++) {
        arguments[i] = argument(types[i], i, target, offset);
      }
      try {
        method.invoke(target, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }

    private Object argument(Class<?> type, int index, Region target, long offset) {
      if (method.getName().equals("sleepWhile") && type.isArray()) {
        return new int[1];
      }
      if (type.isArray()) {
        return java.lang.reflect.Array.newInstance(type.getComponentType(), sizeOf(type));
      }
      if (type == int.class && method.getReturnType().isArray()) {
        return sizeOf(method.getReturnType());
      }
      boolean range = List.of("getArray", "putArray").contains(method.getName());
      if (range) {
        Class<?> array = method.getParameterTypes()[1];
        Object example = argument(array, 1, target, offset);
        return index == 2 ? 0 : java.lang.reflect.Array.getLength(example);
      }
      boolean bulk = length == BULK;
      if (type == long.class && index == 1 && isSequence()) {
        return (long) BULK / (method.getName().matches(".*(Ints|Int|Floats)") ? 4 : 8);
      }
      if (type == long.class) {
        return method.getName().startsWith("copy") && index == 1 ? offset : bulk ? (long) BULK : 1L;
      }
      if (type == int.class) {
        return bulk ? BULK : 1;
      }
      return switch (type.getSimpleName()) {
        case "byte" -> (byte) 1;
        case "short" -> (short) 1;
        case "char" -> (char) 1;
        case "float" -> 1f;
        case "double" -> 1d;
        case "String" -> "x".repeat(BULK);
        case "ByteOrder" -> ByteOrder.BIG_ENDIAN;
        case "Duration" -> Duration.ZERO;
        case "Advice" -> Advice.NORMAL;
        case "BigInteger" -> java.math.BigInteger.ONE;
        case "BulkAccess" -> target;
        case "IntConsumer" -> (IntConsumer) value -> {};
        case "LongConsumer" -> (LongConsumer) value -> {};
        case "DoubleConsumer" -> (DoubleConsumer) value -> {};
        case "LongToIntFunction" -> (LongToIntFunction) place -> 1;
        case "LongToDoubleFunction" -> (LongToDoubleFunction) place -> 1;
        case "IntUnaryOperator" -> (IntUnaryOperator) value -> 1;
        case "LongUnaryOperator" -> (LongUnaryOperator) value -> 1;
        case "DoubleUnaryOperator" -> (DoubleUnaryOperator) value -> 1;
        default -> throw new AssertionError("no argument for " + type + " of " + method);
      };
    }

    private boolean isSequence() {
      return method.getDeclaringClass() == SequenceAccess.class;
    }

    /** How many elements of an array are as long as a bulk operation. */
    private static int sizeOf(Class<?> array) {
      int elementLength =
          Map.of('B', 1, 'S', 2, 'C', 2, 'I', 4, 'F', 4, 'J', 8, 'D', 8)
              .get(array.getName().charAt(1));
      return BULK / elementLength;
    }

    @Override
    public String toString() {
      return method.getName()
          + Arrays.stream(method.getParameterTypes()).map(Class::getSimpleName).toList();
    }
  }

  /** All of them by reflection, so that none is forgotten. */
  static Stream<Access> accesses() {
    return LAYERS.stream()
        .flatMap(layer -> Arrays.stream(layer.getDeclaredMethods()))
        .filter(m -> Modifier.isPublic(m.getModifiers()) && m.getParameterCount() > 0)
        .filter(m -> !Modifier.isStatic(m.getModifiers()))
        .filter(
            m ->
                !List.of("getCString", "putCString", "copyTo", "mismatch", "copy")
                    .contains(m.getName()))
        .map(AccessBoundsTest::describe);
  }

  private static Access describe(Method method) {
    String name = method.getName();
    boolean layerIsAligned =
        method.getDeclaringClass() == OrderedAccess.class
            || method.getDeclaringClass() == AtomicAccess.class
            || name.endsWith("Bit");
    int length = BULK;
    for (var type :
        Map.of("Byte", 1, "Short", 2, "Char", 2, "Int", 4, "Float", 4, "Long", 8, "Double", 8)
            .entrySet()) {
      boolean bulk = name.matches(".*(Bytes|Shorts|Chars|Ints|Longs|Floats|Doubles|Buffer|Each.*)");
      if (name.contains(type.getKey()) && !bulk) {
        length = type.getValue();
      }
    }
    if (name.endsWith("Bit") || List.of("wake", "waitWhile", "sleepWhile").contains(name)) {
      length = 4;
    }
    boolean writes =
        name.startsWith("put")
            || name.startsWith("compareAnd")
            || name.startsWith("getAnd")
            || name.startsWith("fill")
            || name.startsWith("setAll")
            || name.startsWith("replaceAll")
            || name.equals("checkWritable");
    return new Access(method, length, writes, layerIsAligned);
  }

  @Test
  void allAccessMethodsAreTried() {
    assertTrue(accesses().count() >= 123, () -> "found " + accesses().count());
  }

  @ParameterizedTest
  @MethodSource("accesses")
  void boundsAreExact(Access access) throws Throwable {
    long end = heap.length();
    within(access, heap, heap.dataOffset(), end);
    within(access, region, 0, 1000);
    within(access, region.region(8, 104), 0, 104);
    heap.growTo(SPAN);
    within(access, heap, heap.dataOffset(), SPAN);
  }

  private static void within(Access access, Region target, long lower, long upper)
      throws Throwable {
    int length = access.length();
    access.on(target, lower);
    access.on(target, (upper - length) & -8);
    if (!access.aligned()) {
      access.on(target, lower + 1);
      access.on(target, upper - length);
    }
    long[] outside = {
      lower - 8,
      lower - 1,
      upper - length + 1,
      upper - length + 8,
      upper,
      upper + 1,
      -1,
      -8,
      -length,
      Long.MAX_VALUE,
      Long.MAX_VALUE - 7,
      Long.MAX_VALUE - length + 1,
      Long.MIN_VALUE,
      Long.MIN_VALUE + 8,
      1L << 62,
      1L << 47,
      -target.offset(),
      Long.MAX_VALUE - target.offset(),
      -target.offset() - 8,
    };
    for (long offset : outside) {
      if (offset >= lower && offset <= upper - length) {
        continue;
      }
      Class<? extends Exception> expected = IndexOutOfBoundsException.class;
      assertThrows(expected, () -> access.on(target, offset), () -> "offset " + offset);
    }
  }

  @ParameterizedTest
  @MethodSource("accesses")
  void orderedAndAtomicAccessesMustBeAligned(Access access) throws Throwable {
    for (int i = 1; i < 8; i++) {
      boolean bad = access.aligned() && i % Math.min(8, access.length()) != 0;
      long offset = heap.dataOffset() + i;
      if (bad) {
        assertThrows(IllegalArgumentException.class, () -> access.on(heap, offset), "" + i);
      } else {
        access.on(heap, offset);
      }
    }
    Region odd = heap.region(heap.dataOffset() + 1, 100);
    if (access.aligned() && access.length() > 1) {
      assertThrows(IllegalArgumentException.class, () -> access.on(odd, 0));
      access.on(odd, 7);
    }
  }

  @ParameterizedTest
  @MethodSource("accesses")
  void writesToAReadOnlyHeapAreRefused(Access access) throws Throwable {
    byte[] before = heap.getBytes(heap.dataOffset(), 4096);
    try (Heap reader = Heap.builder().readOnly().anyAddress().attach(heap.path())) {
      long offset = reader.dataOffset();
      for (Region target : List.of(reader, reader.region(offset, 100))) {
        long first = target == reader ? offset : 0;
        if (access.writes()) {
          assertThrows(ReadOnlyHeapException.class, () -> access.on(target, first));
        } else {
          access.on(target, first);
        }
      }
    }
    assertEquals(-1, Arrays.mismatch(before, heap.getBytes(heap.dataOffset(), 4096)));
  }

  @ParameterizedTest
  @MethodSource("accesses")
  void closedHeapSaysSo(Access access) {
    long offset = heap.dataOffset();
    heap.close();
    IllegalStateException thrown =
        assertThrows(IllegalStateException.class, () -> access.on(heap, offset));
    assertEquals(
        directory.resolve("heap") + " is closed in this process: attach it again",
        thrown.getMessage());
    assertThrows(IllegalStateException.class, () -> access.on(region, 0));
    assertThrows(IllegalStateException.class, () -> access.on(heap, -1));
  }

  @Test
  void negativeLengthsAreRefused() {
    long offset = heap.dataOffset();
    for (long length : new long[] {-1, -8, -4096, Integer.MIN_VALUE, Long.MIN_VALUE}) {
      for (Region target : List.of(heap, region)) {
        long at = target == heap ? offset : 8;
        Class<IllegalArgumentException> refused = IllegalArgumentException.class;
        assertThrows(refused, () -> target.region(at, length), "" + length);
        assertThrows(refused, () -> target.fill(at, length, (byte) 1), "" + length);
        assertThrows(refused, () -> target.copy(at, at, length), "" + length);
        assertThrows(refused, () -> target.mismatch(at, target, at, length), "" + length);
        assertThrows(refused, () -> RegionChannel.at(target, at, length), "" + length);
        assertThrows(
            refused, () -> TypedArray.at(target, at, ElementType.INT16, length), "" + length);
        if (length >= Integer.MIN_VALUE) {
          assertThrows(refused, () -> target.getBytes(at, (int) length), "" + length);
          assertThrows(refused, () -> target.getUtf8(at, (int) length), "" + length);
          assertThrows(refused, () -> target.asByteBuffer(at, (int) length), "" + length);
        }
      }
      assertThrows(IllegalArgumentException.class, () -> heap.flush(offset, length));
    }
  }

  @Test
  void lengthsThatReachTooFarAreRefused() {
    long offset = heap.dataOffset();
    Class<IndexOutOfBoundsException> refused = IndexOutOfBoundsException.class;
    for (long length : new long[] {1001, SPAN, Long.MAX_VALUE, Long.MAX_VALUE - 1000}) {
      assertThrows(refused, () -> region.region(0, length), "" + length);
      assertThrows(refused, () -> region.fill(0, length, (byte) 1), "" + length);
      assertThrows(refused, () -> region.copy(0, 8, length), "" + length);
      assertThrows(refused, () -> region.mismatch(0, heap, offset, length), "" + length);
      assertThrows(refused, () -> RegionChannel.at(region, 0, length), "" + length);
      assertThrows(refused, () -> TypedArray.at(region, 0, ElementType.INT8, length), "" + length);
    }
    assertThrows(refused, () -> region.copy(0, 501, 500));
    assertThrows(refused, () -> region.copy(501, 0, 500));
    assertThrows(refused, () -> heap.copyTo(offset, region, 1, 1000));
    assertThrows(refused, () -> heap.mismatch(offset, region, -1, 10));
    assertThrows(refused, () -> heap.flush(offset, SPAN));
    assertThrows(
        IllegalArgumentException.class,
        () -> TypedArray.at(heap, offset, ElementType.INT64, 1L << 61));
  }

  @Test
  void emptyRangesLieAnywhereWithinBounds() {
    for (long at : new long[] {0, 500, 1000}) {
      region.fill(at, 0, (byte) 1);
      region.copy(at, 1000 - at, 0);
      assertEquals(0, region.region(at, 0).length());
      assertEquals(0, region.getBytes(at, 0).length);
      assertTrue(region.mismatch(at, region, 0, 0).isEmpty());
      assertEquals(0, region.asByteBuffer(at, 0).capacity());
    }
    assertThrows(IndexOutOfBoundsException.class, () -> region.fill(1001, 0, (byte) 1));
    assertThrows(IndexOutOfBoundsException.class, () -> region.getBytes(-1, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> region.region(0, 0).getByte(0));
  }

  @Test
  void regionCountsFromItsOwnBeginning() {
    assertEquals(1000, region.length());
    assertEquals(heap.dataOffset() + 64, region.offset());
    Region inner = region.region(8, 16);
    assertEquals(heap.dataOffset() + 72, inner.offset());
    inner.putLong(8, -1);
    assertEquals(-1, heap.getLong(heap.dataOffset() + 80));
    assertEquals(-1, region.getLong(16));
    assertEquals(0, region.getLong(24), "nothing beyond");
    IndexOutOfBoundsException thrown =
        assertThrows(IndexOutOfBoundsException.class, () -> inner.getLong(9));
    assertEquals(
        "offset 9 with 8 bytes lies outside the region at "
            + inner.offset()
            + ", which goes from 0 to 16",
        thrown.getMessage());
  }

  @Test
  void headerAndTablesCannotBeReached() {
    for (long offset = -16; offset < heap.dataOffset(); offset += 8) {
      long at = offset;
      assertThrows(IndexOutOfBoundsException.class, () -> heap.putLong(at, 1));
      assertThrows(IndexOutOfBoundsException.class, () -> heap.region(at, 8));
    }
  }

  @Test
  void messageOfAnAccessBeyondTheHeapSaysWhatToDo() {
    long end = heap.length();
    IndexOutOfBoundsException thrown =
        assertThrows(IndexOutOfBoundsException.class, () -> heap.getInt(end - 3));
    assertEquals(
        "offset "
            + (end - 3)
            + " with 4 bytes lies beyond the heap, which ends at "
            + end
            + ": grow it first",
        thrown.getMessage());
  }

  /** Words lie at addresses that are multiples of their length, wherever a region begins. */
  @Test
  void alignedWordsOfARegionThatBeginsAnywhereAreExact() {
    long first = heap.dataOffset();
    for (int from = 0; from < 10; from++) {
      for (int length = 1; length < 30; length++) {
        Region part = heap.region(first + from, length);
        for (int i = -10; i < 40; i++) {
          int offset = i;
          assertEquals(isWord(from, length, offset, 8), isDone(() -> part.getLongAcquire(offset)));
          assertEquals(
              isWord(from, length, offset, 4), isDone(() -> part.putIntRelease(offset, 1)));
        }
      }
    }
  }

  private static boolean isWord(int from, int length, int offset, int bytes) {
    return offset >= 0 && offset + bytes <= length && (from + offset) % bytes == 0;
  }

  private static boolean isDone(Runnable access) {
    try {
      access.run();
      return true;
    } catch (IndexOutOfBoundsException | IllegalArgumentException refused) {
      return false;
    }
  }
}
