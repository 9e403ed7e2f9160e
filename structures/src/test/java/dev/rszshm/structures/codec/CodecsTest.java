package dev.rszshm.structures.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.sorted.OrderedCodecs;
import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.Test;

/** Objects come back as they were; bytes that are none are refused, whatever they are. */
class CodecsTest {
  private static final int ROOM = 1 << 20;

  private static Heap heap;
  private static long start;

  enum Colour {
    RED,
    GREEN,
    BLUE
  }

  record Point(int x, double y) {}

  record Everything(
      boolean flag,
      byte small,
      short number,
      char letter,
      long large,
      float real,
      Integer boxed,
      String text,
      UUID id,
      byte[] bytes,
      int[] ints,
      Colour colour,
      Point point,
      List<Point> points,
      Map<String, List<Integer>> map,
      Optional<String> maybe) {}

  record Node(int value, List<Node> children) {}

  record Unknown(Thread thread) {}

  @BeforeContainer
  static void make() {
    heap = Heap.builder().span(8 << 20).length(2 * ROOM).createAnonymous();
    start = heap.dataOffset();
  }

  @AfterContainer
  static void close() {
    heap.close();
  }

  private static <T> T roundTrip(Codec<T> codec, T object) {
    int length = codec.length(object);
    heap.fill(start, length + 16, (byte) 0x5a);
    codec.encode(object, heap, start + 8);
    assertEquals(0x5a5a_5a5a_5a5a_5a5aL, heap.getLong(start), "nothing before it is written");
    assertEquals(0x5a5a_5a5a_5a5a_5a5aL, heap.getLong(start + 8 + length), "nor behind it");
    return codec.decode(heap.region(start + 8, length), 0, length);
  }

  private static <R extends Record> Codec<R> own(Class<R> type) {
    return Codecs.records(type, MethodHandles.lookup());
  }

  @Provide
  Arbitrary<Everything> everything() {
    Arbitrary<Point> points =
        Combinators.combine(Arbitraries.integers(), Arbitraries.doubles()).as(Point::new);
    Arbitrary<List<Object>> numbers =
        Combinators.combine(
                Arbitraries.of(true, false),
                Arbitraries.bytes(),
                Arbitraries.shorts(),
                Arbitraries.chars(),
                Arbitraries.longs(),
                Arbitraries.floats(),
                Arbitraries.integers())
            .as((a, b, c, d, e, f, g) -> List.<Object>of(a, b, c, d, e, f, g));
    Arbitrary<List<Object>> parts =
        Combinators.combine(
                Arbitraries.strings().ofMaxLength(50),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(50),
                Arbitraries.integers().array(int[].class).ofMaxSize(50),
                Arbitraries.of(Colour.class),
                points,
                points.list().ofMaxSize(10),
                Arbitraries.maps(
                        Arbitraries.strings().alpha().ofMaxLength(5),
                        Arbitraries.integers().list().ofMaxSize(5))
                    .ofMaxSize(5))
            .as((a, b, c, d, e, f, g) -> List.<Object>of(a, b, c, d, e, f, g));
    return Combinators.combine(numbers, parts).as(CodecsTest::of);
  }

  @SuppressWarnings("unchecked")
  private static Everything of(List<Object> n, List<Object> p) {
    String text = (String) p.get(0);
    return new Everything(
        (boolean) n.get(0),
        (byte) n.get(1),
        (short) n.get(2),
        (char) n.get(3),
        (long) n.get(4),
        (float) n.get(5),
        (Integer) n.get(6),
        new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8),
        new UUID((long) n.get(4), (int) n.get(6)),
        (byte[]) p.get(1),
        (int[]) p.get(2),
        (Colour) p.get(3),
        (Point) p.get(4),
        (List<Point>) p.get(5),
        (Map<String, List<Integer>>) p.get(6),
        text.isEmpty() ? Optional.empty() : Optional.of("some"));
  }

  @Property(tries = 300)
  void recordComesBackAsItWas(@ForAll("everything") Everything object) {
    Everything read = roundTrip(own(Everything.class), object);
    assertArrayEquals(object.bytes, read.bytes);
    assertArrayEquals(object.ints, read.ints);
    assertEquals(withoutArrays(object), withoutArrays(read));
  }

  private static List<Object> withoutArrays(Everything e) {
    return List.of(
        e.flag, e.small, e.number, e.letter, e.large, e.real, e.boxed, e.text, e.id, e.colour,
        e.point, e.points, e.map, e.maybe);
  }

  @Property(tries = 500)
  void stringComesBackAsUtf8HasIt(@ForAll String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertEquals(bytes.length, Codecs.strings().length(text));
    assertEquals(new String(bytes, StandardCharsets.UTF_8), roundTrip(Codecs.strings(), text));
  }

  /** And never anything but that: no other exception, no endless loop, no huge array. */
  @Property(tries = 2000)
  void bytesThatAreNoObjectAreRefused(@ForAll("garbage") byte[] bytes) {
    for (Codec<?> codec :
        List.of(
            own(Everything.class),
            Codecs.strings(),
            Codecs.longArrays(),
            Codecs.lists(Codecs.strings()),
            Codecs.maps(Codecs.ints(), Codecs.optionals(Codecs.byteArrays())),
            Codecs.serialized(ArrayList.class))) {
      heap.putBytes(start, bytes);
      try {
        Object read = codec.decode(heap.region(start, bytes.length), 0, bytes.length);
        assertTrue(read != null);
      } catch (CodecException refused) {
        assertTrue(refused.getMessage().startsWith("found "), refused.getMessage());
      }
    }
  }

  @Provide
  Arbitrary<byte[]> garbage() {
    return Arbitraries.bytes().array(byte[].class).ofMaxSize(80);
  }

  /** One byte of a record is another: it is refused, or it is another record. */
  @Property(tries = 1000)
  void changedByteIsRefusedOrReadAsSomethingElse(
      @ForAll("everything") Everything object, @ForAll int place, @ForAll byte value) {
    Codec<Everything> codec = own(Everything.class);
    int length = codec.length(object);
    codec.encode(object, heap, start);
    heap.putByte(start + Math.floorMod(place, length), value);
    try {
      codec.decode(heap.region(start, length), 0, length);
    } catch (CodecException refused) {
      assertTrue(refused.getMessage().startsWith("found "), refused.getMessage());
    }
  }

  @Property(tries = 1)
  void formatIsNamedByTheComponents() {
    record Renamed(int x, double z) {}
    record Same(int x, double y) {}
    assertNotEquals(own(Point.class).id(), own(Renamed.class).id());
    assertEquals(own(Point.class).id(), own(Same.class).id());
    assertNotEquals(Codecs.lists(Codecs.ints()).id(), Codecs.lists(Codecs.longs()).id());
    assertNotEquals(
        Codecs.maps(Codecs.ints(), Codecs.longs()).id(),
        Codecs.maps(Codecs.longs(), Codecs.ints()).id());
  }

  @Property(tries = 1)
  void recordThatCannotBeStoredIsNamed() {
    String unknown =
        assertThrows(IllegalArgumentException.class, () -> own(Unknown.class)).getMessage();
    assertTrue(unknown.contains("component \"thread\""), unknown);
    String recursive =
        assertThrows(IllegalArgumentException.class, () -> own(Node.class)).getMessage();
    assertTrue(recursive.contains("contains itself"), recursive);
    String hidden =
        assertThrows(IllegalArgumentException.class, () -> Codecs.records(Point.class))
            .getMessage();
    assertTrue(hidden.contains("MethodHandles.lookup()"), hidden);
  }

  @Property(tries = 1)
  void nullComponentIsNamed() {
    Codec<Everything> codec = own(Everything.class);
    Everything object =
        of(
            List.of(true, (byte) 1, (short) 1, 'c', 1L, 1f, 1),
            List.of("", new byte[0], new int[0], Colour.RED, new Point(1, 1), List.of(), Map.of()));
    Everything without =
        new Everything(
            true,
            (byte) 1,
            (short) 1,
            'c',
            1,
            1,
            1,
            null,
            object.id,
            object.bytes,
            object.ints,
            object.colour,
            object.point,
            object.points,
            object.map,
            object.maybe);
    String message =
        assertThrows(NullPointerException.class, () -> codec.length(without)).getMessage();
    assertTrue(message.contains("\"text\""), message);
  }

  static final class Gadget implements Serializable {
    private static final long serialVersionUID = 1;
    static boolean ran;

    private Object readResolve() {
      ran = true;
      return this;
    }
  }

  /** A list may hold anything; what it may hold is said when the codec is made. */
  @Property(tries = 1)
  @SuppressWarnings({"unchecked", "rawtypes"})
  void serializedObjectOfAnotherClassIsNotRead() {
    Codec<ArrayList> all = Codecs.serialized(ArrayList.class, Gadget.class);
    Codec<ArrayList> few = Codecs.serialized(ArrayList.class);
    ArrayList list = new ArrayList(List.of(1, "two", new Gadget()));
    assertEquals(3, roundTrip(all, list).size());
    Gadget.ran = false;
    int length = few.length(list);
    few.encode(list, heap, start);
    String message =
        assertThrows(CodecException.class, () -> few.decode(heap, start, length)).getMessage();
    assertTrue(message.contains("not allowed"), message);
    assertFalse(Gadget.ran);
  }

  @Property(tries = 1)
  void orderOfAMapStays() {
    Map<String, Integer> map = new LinkedHashMap<>();
    for (int i = 100; i > 0; i--) {
      map.put("key " + i, i);
    }
    Map<String, Integer> read = roundTrip(Codecs.maps(Codecs.strings(), Codecs.ints()), map);
    assertEquals(List.copyOf(map.entrySet()), List.copyOf(read.entrySet()));
  }

  @Test
  void halfASurrogatePairIsRefusedAndNotReplaced() {
    Codec<String> strings = Codecs.strings();
    for (String text : List.of("\ud800", "a\udc00", "\udc00\ud800", "\ud83d!")) {
      assertThrows(IllegalArgumentException.class, () -> strings.encode(text));
      assertThrows(IllegalArgumentException.class, () -> strings.length(text));
    }
    assertEquals("\ud83d\ude00?", strings.decode(strings.encode("\ud83d\ude00?")));
  }

  /** Numbers of a version. */
  private record Versioned(int version) implements Codec<Long> {
    @Override
    public int id() {
      return 0x7777;
    }

    @Override
    public int length(Long object) {
      return Long.BYTES;
    }

    @Override
    public void encode(Long object, ByteBuffer to) {
      to.putLong(object);
    }

    @Override
    public Long decode(ByteBuffer from) {
      return from.getLong();
    }
  }

  /** A map of lists and of maps with three parts in all, of versions of their own. */
  private static Codec<?> nested(int[] versions) {
    Codec<Long> key = new Versioned(versions[0]);
    Codec<Long> middle = new Versioned(versions[1]);
    Codec<Long> last = new Versioned(versions[2]);
    return Codecs.maps(key, Codecs.lists(Codecs.optionals(Codecs.maps(middle, last))));
  }

  @Provide
  Arbitrary<int[]> versions() {
    return Arbitraries.oneOf(Arbitraries.integers().between(1, 3), Arbitraries.of(1, 2, 1024))
        .array(int[].class)
        .ofSize(3);
  }

  @Property(tries = 500)
  void aWholeIsReadExactlyIfEachPartIs(
      @ForAll("versions") int[] written, @ForAll("versions") int[] reading) {
    Codec<?> writer = nested(written);
    Codec<?> reader = nested(reading);
    boolean all = IntStream.range(0, 3).allMatch(i -> written[i] <= reading[i]);
    assertEquals(all, reader.reads(writer.version()));
    assertTrue(!all || writer.version() <= reader.version(), "it rises with the versions");
    assertEquals(writer.id(), reader.id(), "versions are not in it");
    assertTrue(reader.reads(reader.version()));
  }

  @Property(tries = 200)
  void noNumberThatNobodyWritesIsRead(@ForAll int number) {
    assertFalse(number < 1 && nested(new int[] {1024, 1024, 1024}).reads(number));
    assertEquals(number == 1, nested(new int[] {1, 1, 1}).reads(number));
  }

  @Test
  void onePartHasItsOwnVersionInTheWhole() {
    for (int version : new int[] {1, 2, Integer.MAX_VALUE}) {
      Codec<?> whole = Codecs.lists(Codecs.optionals(new Versioned(version)));
      assertEquals(version, whole.version());
      assertTrue(whole.reads(version));
      assertEquals(version == Integer.MAX_VALUE, whole.reads(Integer.MAX_VALUE));
    }
    assertEquals(1, Codecs.maps(Codecs.strings(), own(Everything.class)).version());
  }

  @Test
  void versionsForWhichThereIsNoRoomAreRefused() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> Codecs.maps(Codecs.longs(), new Versioned(1 << 15 | 1)))
            .getMessage();
    assertTrue(message.contains("a codec of its own"), message);
    assertThrows(IllegalArgumentException.class, () -> Codecs.lists(new Versioned(0)));
  }

  @Test
  void orderedCodecsHaveTheNamesThatAreKnown() {
    for (Codec<?> codec :
        List.of(
            OrderedCodecs.ints(),
            OrderedCodecs.longs(),
            OrderedCodecs.doubles(),
            OrderedCodecs.uuids(),
            OrderedCodecs.strings(),
            OrderedCodecs.byteArrays())) {
      assertEquals(Optional.of(codec.toString()), Codecs.nameOf(codec.id()));
    }
  }
}
