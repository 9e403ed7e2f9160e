package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.errors.ReadOnlyHeapException;
import dev.rszshm.heap.internal.map.RetiredSpans;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ValueAndBulkAccessTest {
  private Heap heap;
  private long first;

  @BeforeEach
  void create() {
    heap = Heap.builder().span(16 << 20).length(4 << 20).createAnonymous();
    first = heap.dataOffset();
  }

  @AfterEach
  void close() {
    heap.close();
  }

  private ByteBuffer bytes(int length) {
    return ByteBuffer.wrap(heap.getBytes(first, length));
  }

  @Test
  void valuesAreLittleEndian() {
    heap.putLong(first, 0x0807_0605_0403_0201L);
    assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, heap.getBytes(first, 8));
    assertEquals(0x0201, heap.getShort(first));
    assertEquals(0x0403_0201, heap.getIntVolatile(first));
    assertEquals(0x0605_0403, heap.getInt(first + 2));
  }

  @Test
  void eitherByteOrderIsThatOfAByteBuffer() {
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      for (int at = 0; at < 9; at++) {
        long offset = first + at;
        heap.putShort(offset, (short) 0x8123, order);
        assertEquals((short) 0x8123, bytes(32).order(order).getShort(at));
        assertEquals((short) 0x8123, heap.getShort(offset, order));
        heap.putChar(offset, '\u9abc', order);
        assertEquals('\u9abc', bytes(32).order(order).getChar(at));
        assertEquals('\u9abc', heap.getChar(offset, order));
        heap.putInt(offset, 0x8123_4567, order);
        assertEquals(0x8123_4567, bytes(32).order(order).getInt(at));
        assertEquals(0x8123_4567, heap.getInt(offset, order));
        heap.putLong(offset, 0x8123_4567_89ab_cdefL, order);
        assertEquals(0x8123_4567_89ab_cdefL, bytes(32).order(order).getLong(at));
        assertEquals(0x8123_4567_89ab_cdefL, heap.getLong(offset, order));
        heap.putFloat(offset, -1.5e-3f, order);
        assertEquals(-1.5e-3f, bytes(32).order(order).getFloat(at));
        assertEquals(-1.5e-3f, heap.getFloat(offset, order));
        heap.putDouble(offset, Math.PI, order);
        assertEquals(Math.PI, bytes(32).order(order).getDouble(at));
        assertEquals(Math.PI, heap.getDouble(offset, order));
      }
    }
  }

  @Test
  void unsignedValuesOutOfRangeAreRefusedAndNothingIsWritten() {
    for (long good : new long[] {0, 1, 127, 128, 255}) {
      heap.putUnsignedByte(first, (int) good);
      assertEquals(good, heap.getUnsignedByte(first));
    }
    for (int good : new int[] {0, 255, 32_767, 32_768, 65_535}) {
      heap.putUnsignedShort(first, good);
      assertEquals(good, heap.getUnsignedShort(first));
    }
    for (long good : new long[] {0, 65_536, Integer.MAX_VALUE, 1L << 31, (1L << 32) - 1}) {
      heap.putUnsignedInt(first, good);
      assertEquals(good, heap.getUnsignedInt(first));
    }
    heap.putLong(first, 0);
    Class<IllegalArgumentException> refused = IllegalArgumentException.class;
    for (int bad : new int[] {-1, 256, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      assertThrows(refused, () -> heap.putUnsignedByte(first, bad));
    }
    for (int bad : new int[] {-1, 65_536, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      assertThrows(refused, () -> heap.putUnsignedShort(first, bad));
    }
    for (long bad : new long[] {-1, 1L << 32, Long.MIN_VALUE, Long.MAX_VALUE}) {
      IllegalArgumentException thrown =
          assertThrows(refused, () -> heap.putUnsignedInt(first, bad));
      assertEquals(
          "value " + bad + " does not fit: it must lie between 0 and 4294967295",
          thrown.getMessage());
    }
    assertEquals(0, heap.getLong(first));
  }

  @Test
  void bitsAreThoseOfABitSet() {
    Random random = new Random(5);
    BitSet model = new BitSet();
    for (int i = 0; i < 5000; i++) {
      int bit = random.nextInt(1000);
      if (random.nextBoolean()) {
        assertEquals(model.get(bit), heap.getAndSetBit(first, bit));
        model.set(bit);
      } else {
        assertEquals(model.get(bit), heap.getAndClearBit(first, bit));
        model.clear(bit);
      }
      assertEquals(model.get(bit), heap.getBit(first, bit));
    }
    assertEquals(model, BitSet.valueOf(heap.getBytes(first, 128)));
    Region region = heap.region(first, 8);
    assertFalse(region.getAndSetBit(0, 63));
    assertTrue(region.getBit(0, 63));
    for (long bad : new long[] {-1, 64, Long.MAX_VALUE, Long.MIN_VALUE}) {
      assertThrows(IndexOutOfBoundsException.class, () -> region.getBit(0, bad));
      assertThrows(IndexOutOfBoundsException.class, () -> region.getAndSetBit(0, bad));
      assertThrows(IndexOutOfBoundsException.class, () -> region.getAndClearBit(0, bad));
    }
  }

  @Test
  void orderedAccessesSeeEveryValue() {
    for (long v : new long[] {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0x0123_4567_89ab_cdefL}) {
      heap.putLongVolatile(first, v);
      assertEquals(v, heap.getLongOpaque(first));
      heap.putLongRelease(first + 8, ~v);
      assertEquals(~v, heap.getLongAcquire(first + 8));
      heap.putIntOpaque(first, (int) v);
      assertEquals((int) v, heap.getIntAcquire(first));
      heap.putShortRelease(first, (short) v);
      assertEquals((short) v, heap.getShortVolatile(first));
      heap.putByteVolatile(first, (byte) v);
      assertEquals((byte) v, heap.getByteOpaque(first));
      double d = Double.longBitsToDouble(v);
      heap.putDoubleVolatile(first, d);
      assertEquals(d, heap.getDoubleAcquire(first));
      float f = Float.intBitsToFloat((int) v);
      heap.putFloatRelease(first, f);
      assertEquals(f, heap.getFloatVolatile(first));
    }
  }

  @Test
  void atomicChangesReturnWhatWasThere() {
    heap.putInt(first, 5);
    assertFalse(heap.compareAndSetInt(first, 4, 9));
    assertTrue(heap.compareAndSetInt(first, 5, 6));
    assertEquals(6, heap.compareAndExchangeInt(first, 5, 1));
    assertEquals(6, heap.compareAndExchangeInt(first, 6, Integer.MAX_VALUE));
    assertEquals(Integer.MAX_VALUE, heap.getAndAddInt(first, 2));
    assertEquals(Integer.MIN_VALUE + 1, heap.getAndSetInt(first, 0b1100));
    assertEquals(0b1100, heap.getAndBitwiseOrInt(first, 0b0011));
    assertEquals(0b1111, heap.getAndBitwiseAndInt(first, 0b0110));
    assertEquals(0b0110, heap.getInt(first));
    assertEquals(0, heap.getInt(first + 4));
    heap.putLong(first, 5);
    assertFalse(heap.compareAndSetLong(first, 4, 9));
    assertTrue(heap.compareAndSetLong(first, 5, 6));
    assertEquals(6, heap.compareAndExchangeLong(first, 5, 1));
    assertEquals(6, heap.compareAndExchangeLong(first, 6, Long.MAX_VALUE));
    assertEquals(Long.MAX_VALUE, heap.getAndAddLong(first, 2));
    assertEquals(Long.MIN_VALUE + 1, heap.getAndSetLong(first, 0b1100));
    assertEquals(0b1100, heap.getAndBitwiseOrLong(first, 1L << 63));
    assertEquals(0b1100 | 1L << 63, heap.getAndBitwiseAndLong(first, 1L << 63));
    assertEquals(1L << 63, heap.getLong(first));
  }

  @Test
  void arraysOfAllKindsGoInAndOutInParts() {
    Random random = new Random(9);
    byte[] b = new byte[100];
    random.nextBytes(b);
    ByteBuffer values = ByteBuffer.wrap(b);
    short[] s = new short[10];
    char[] c = new char[10];
    int[] i = new int[10];
    long[] l = new long[10];
    float[] f = new float[10];
    double[] d = new double[10];
    for (int k = 0; k < 10; k++) {
      s[k] = values.getShort(k);
      c[k] = values.getChar(k);
      i[k] = values.getInt(k);
      l[k] = values.getLong(k);
      f[k] = values.getInt(k);
      d[k] = values.getLong(k);
    }
    long at = first + 3;
    heap.putArray(at, b, 20, 50);
    byte[] b2 = new byte[100];
    heap.getArray(at, b2, 20, 50);
    assertArrayEquals(Arrays.copyOfRange(b, 20, 70), Arrays.copyOfRange(b2, 20, 70));
    assertEquals(0, b2[19] | b2[70]);
    heap.putArray(at, s, 2, 7);
    short[] s2 = new short[10];
    heap.getArray(at, s2, 2, 7);
    assertArrayEquals(Arrays.copyOfRange(s, 2, 9), Arrays.copyOfRange(s2, 2, 9));
    assertEquals(s[2], heap.getShort(at));
    heap.putArray(at, c, 2, 7);
    char[] c2 = new char[10];
    heap.getArray(at, c2, 2, 7);
    assertArrayEquals(Arrays.copyOfRange(c, 2, 9), Arrays.copyOfRange(c2, 2, 9));
    heap.putArray(at, i, 2, 7);
    int[] i2 = new int[10];
    heap.getArray(at, i2, 2, 7);
    assertArrayEquals(Arrays.copyOfRange(i, 2, 9), Arrays.copyOfRange(i2, 2, 9));
    assertEquals(i[3], heap.getInt(at + 4));
    heap.putArray(at, l, 2, 7);
    long[] l2 = new long[10];
    heap.getArray(at, l2, 2, 7);
    assertArrayEquals(Arrays.copyOfRange(l, 2, 9), Arrays.copyOfRange(l2, 2, 9));
    assertEquals(l[8], heap.getLong(at + 48));
    heap.putArray(at, f, 2, 7);
    float[] f2 = new float[10];
    heap.getArray(at, f2, 2, 7);
    assertArrayEquals(Arrays.copyOfRange(f, 2, 9), Arrays.copyOfRange(f2, 2, 9));
    heap.putArray(at, d, 2, 7);
    double[] d2 = new double[10];
    heap.getArray(at, d2, 2, 7);
    assertArrayEquals(Arrays.copyOfRange(d, 2, 9), Arrays.copyOfRange(d2, 2, 9));
  }

  @Test
  void wholeArraysOfPrimitivesComeBack() {
    long at = first + 3;
    heap.putShorts(at, (short) -1, (short) 2, Short.MIN_VALUE);
    assertArrayEquals(new short[] {-1, 2, Short.MIN_VALUE}, heap.getShorts(at, 3));
    assertEquals(2, heap.getShort(at + 2));
    heap.putChars(at, 'a', '\uffff');
    assertArrayEquals(new char[] {'a', '\uffff'}, heap.getChars(at, 2));
    heap.putInts(at, 1, -2, Integer.MAX_VALUE);
    assertArrayEquals(new int[] {1, -2, Integer.MAX_VALUE}, heap.getInts(at, 3));
    assertEquals(-2, heap.getInt(at + 4));
    heap.putLongs(at, 7, Long.MIN_VALUE);
    assertArrayEquals(new long[] {7, Long.MIN_VALUE}, heap.getLongs(at, 2));
    heap.putFloats(at, 1.5f, Float.NaN);
    assertArrayEquals(new float[] {1.5f, Float.NaN}, heap.getFloats(at, 2));
    heap.putDoubles(at, -0.0, Double.MAX_VALUE);
    assertArrayEquals(new double[] {-0.0, Double.MAX_VALUE}, heap.getDoubles(at, 2));
    assertArrayEquals(new long[0], heap.getLongs(at, 0));
  }

  @Test
  void arraysBeyondTheBoundsAreRefusedAndNothingIsWritten() {
    Region small = heap.region(first, 12);
    assertThrows(IndexOutOfBoundsException.class, () -> small.getInts(0, 4));
    assertThrows(IndexOutOfBoundsException.class, () -> small.getLongs(8, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> small.getLongs(0, Integer.MAX_VALUE));
    assertThrows(IllegalArgumentException.class, () -> small.getDoubles(0, -1));
    assertThrows(IndexOutOfBoundsException.class, () -> small.putInts(0, 1, 2, 3, 4));
    assertArrayEquals(new int[3], small.getInts(0, 3));
  }

  @Test
  void wrongIndicesOfAnArrayAreRefused() {
    int[][] wrong = {
      {-1, 1}, {0, 11}, {10, 1}, {1, 10}, {0, -1}, {Integer.MAX_VALUE, 1}, {5, Integer.MAX_VALUE}
    };
    for (int[] pair : wrong) {
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> heap.getArray(first, new long[10], pair[0], pair[1]));
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> heap.putArray(first, new byte[10], pair[0], pair[1]));
    }
  }

  /** Long operations go in pieces; the seams between them must not show. */
  @Test
  void longRangesAreCopiedFilledAndComparedWhole() {
    int length = (3 << 20) / 2 + 13;
    byte[] content = new byte[length];
    new Random(3).nextBytes(content);
    heap.putBytes(first + 1, content);
    assertArrayEquals(content, heap.getBytes(first + 1, length));
    for (int distance : new int[] {1, 1000, -1, -1000, 1 << 20}) {
      long from = first + (1 << 20);
      heap.putBytes(from, content);
      heap.copy(from, from + distance, length);
      assertArrayEquals(content, heap.getBytes(from + distance, length), "by " + distance);
    }
    heap.putBytes(first, content);
    for (int at : new int[] {0, (1 << 20) - 1, 1 << 20, length - 1}) {
      heap.putByte(first + at, (byte) ~content[at]);
      long found;
      try (Heap other = Heap.builder().length(length).span(16 << 20).createAnonymous()) {
        other.putBytes(other.dataOffset(), content);
        found = heap.mismatch(first, other, other.dataOffset(), length).orElse(-1);
        other.copyTo(other.dataOffset(), heap, first, length);
      }
      assertEquals(at, found);
    }
    assertArrayEquals(content, heap.getBytes(first, length));
    heap.fill(first + 1, length - 2, (byte) 0x5a);
    assertEquals(content[0], heap.getByte(first));
    assertEquals(content[length - 1], heap.getByte(first + length - 1));
    byte[] filled = new byte[length - 2];
    Arrays.fill(filled, (byte) 0x5a);
    assertArrayEquals(filled, heap.getBytes(first + 1, length - 2));
    long[] longs = new long[length / 8];
    heap.getArray(first + 1, longs, 0, longs.length - 1);
    assertEquals(0x5a5a_5a5a_5a5a_5a5aL, longs[longs.length - 2]);
    assertEquals(0, longs[longs.length - 1]);
  }

  @Test
  void textOfEveryPlaneComesBack() {
    for (String text : List.of("", "plain", "süß", "漢字", "𝄞 clef 😀", "a\0b", "\uffff")) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      assertEquals(utf8.length, heap.putUtf8(first, text));
      assertEquals(text, heap.getUtf8(first, utf8.length));
      if (text.indexOf(0) < 0) {
        assertEquals(utf8.length + 1, heap.putCString(first, text));
        assertEquals(text, heap.getCString(first));
      } else {
        assertThrows(IllegalArgumentException.class, () -> heap.putCString(first, text));
      }
    }
    assertEquals(1, heap.putUtf8(first, "\ud800"), "half a character cannot be written");
    heap.putBytes(first, new byte[] {'a', (byte) 0xff, 'b'});
    assertEquals("a\ufffdb", heap.getUtf8(first, 3));
  }

  @Test
  void textWithoutAnEndIsNotReadBeyondTheBounds() {
    Region region = heap.region(first, 4);
    region.putUtf8(0, "abcd");
    assertThrows(IndexOutOfBoundsException.class, () -> region.getCString(0));
    assertThrows(IndexOutOfBoundsException.class, () -> region.putCString(0, "abcd"));
    assertEquals("abcd", region.getUtf8(0, 4));
    assertEquals(4, region.putCString(0, "abc"));
    assertEquals("bc", region.getCString(1));
    assertThrows(IndexOutOfBoundsException.class, () -> region.getCString(4));
    assertThrows(IndexOutOfBoundsException.class, () -> region.getCString(-1));
  }

  @Test
  void buffersShareTheContentAndOutliveTheHeap() {
    ByteBuffer buffer = heap.asByteBuffer(first, 64);
    assertEquals(ByteOrder.LITTLE_ENDIAN, buffer.order());
    assertEquals(64, buffer.capacity());
    buffer.putLong(8, 99);
    assertEquals(99, heap.getLong(first + 8));
    heap.putInt(first, 7);
    assertEquals(7, buffer.getInt(0));
    ByteBuffer slice = buffer.slice(8, 8).duplicate().order(ByteOrder.LITTLE_ENDIAN);
    long base = heap.base();
    try (Heap reader = Heap.builder().readOnly().anyAddress().attach(heap.path())) {
      ByteBuffer readOnly = reader.asByteBuffer(first, 64);
      assertTrue(readOnly.isReadOnly());
      assertEquals(7, readOnly.getInt(0));
      assertThrows(ReadOnlyBufferException.class, () -> readOnly.putInt(0, 1));
      assertThrows(ReadOnlyHeapException.class, () -> reader.putInt(first, 1));
    }
    heap.close();
    RetiredSpans.release();
    assertTrue(ProcSelf.mappingsIn(base, 16 << 20).size() > 0, "the buffer keeps its addresses");
    assertEquals(0, slice.getLong(0), "and reads zeros");
    slice.putLong(0, 1);
    buffer.put(63, (byte) 1);
    assertEquals(1, buffer.getLong(8));
    assertThrows(IllegalStateException.class, () -> heap.asByteBuffer(first, 64));
  }
}
